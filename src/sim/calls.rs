//! The S3 calls of the lab's clients: their names and how long they run.

use crate::sim::topology::SimDeployment;

/// The S3 calls that the lab's clients make, in the order in which the pages name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Api {
    CompleteMultipartUpload,
    GetObject,
    NewMultipartUpload,
    PutObject,
    PutObjectPart,
    PutObjectRetention,
}

impl Api {
    pub(crate) const ALL: [Self; 6] = [
        Self::CompleteMultipartUpload,
        Self::GetObject,
        Self::NewMultipartUpload,
        Self::PutObject,
        Self::PutObjectPart,
        Self::PutObjectRetention,
    ];

    /// What fails where there is no write quorum: a client that cannot begin an upload begins it again.
    pub(crate) const REFUSED: Self = Self::NewMultipartUpload;

    /// The name as v3 writes it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::CompleteMultipartUpload => "CompleteMultipartUpload",
            Self::GetObject => "GetObject",
            Self::NewMultipartUpload => "NewMultipartUpload",
            Self::PutObject => "PutObject",
            Self::PutObjectPart => "PutObjectPart",
            Self::PutObjectRetention => "PutObjectRetention",
        }
    }

    /// The name as v2 writes it.
    pub(crate) fn lower_name(self) -> &'static str {
        match self {
            Self::CompleteMultipartUpload => "completemultipartupload",
            Self::GetObject => "getobject",
            Self::NewMultipartUpload => "newmultipartupload",
            Self::PutObject => "putobject",
            Self::PutObjectPart => "putobjectpart",
            Self::PutObjectRetention => "putobjectretention",
        }
    }

    /// How long such a call runs, which gives the number in flight (rate × time).
    pub(crate) fn latency_secs(self) -> f64 {
        match self {
            Self::GetObject => 0.06,
            Self::PutObject => 0.12,
            Self::PutObjectPart => 0.25,
            Self::CompleteMultipartUpload | Self::NewMultipartUpload | Self::PutObjectRetention => 0.02,
        }
    }

    /// Shares of calls answered within 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5 and 10 s. An upload's first byte comes only when the
    /// whole of it is stored, so a part of 64 MiB never makes 50 ms. What is in the cluster answers sooner than the lake, and
    /// that sooner than the archive on its hard drives.
    fn first_byte_shares(self, deployment: SimDeployment) -> [f64; 8] {
        match self {
            Self::GetObject => match deployment {
                SimDeployment::Hot => [0.991, 0.999, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
                SimDeployment::Warm => [0.91, 0.985, 0.999, 1.0, 1.0, 1.0, 1.0, 1.0],
                SimDeployment::Cold => [0.52, 0.84, 0.97, 0.994, 1.0, 1.0, 1.0, 1.0],
            },
            Self::PutObject => [0.18, 0.55, 0.96, 0.998, 1.0, 1.0, 1.0, 1.0],
            Self::PutObjectPart => [0.0, 0.04, 0.61, 0.97, 0.999, 1.0, 1.0, 1.0],
            Self::CompleteMultipartUpload | Self::NewMultipartUpload | Self::PutObjectRetention => {
                [0.97, 0.995, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
            }
        }
    }
}

/// The buckets of a time-to-first-byte distribution as the wire sorts them, and where their share stands in [`Api::first_byte_shares`].
pub(crate) const FIRST_BYTE: [(&str, Option<usize>); 9] = [
    ("+Inf", None),
    ("0.050", Some(0)),
    ("0.100", Some(1)),
    ("0.250", Some(2)),
    ("0.500", Some(3)),
    ("1.000", Some(4)),
    ("10.000", Some(7)),
    ("2.500", Some(5)),
    ("5.000", Some(6)),
];

/// How many of a deployment's calls were answered within a bucket of the distribution.
pub(crate) fn answered_within((deployment, api): (SimDeployment, Api), count: u64, bucket: Option<usize>) -> f64 {
    let share = bucket.map_or(1.0, |bucket| api.first_byte_shares(deployment)[bucket]);
    (count as f64 * share).floor()
}
