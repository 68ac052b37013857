//! What a Prometheus server answers, as rows: the form of its HTTP API, which Mimir, Thanos and `VictoriaMetrics` share.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One row of an answer: its labels, and its values by Unix seconds, oldest first. A value that is no number is left out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) points: Vec<(f64, f64)>,
}

/// Why there are no rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum QueryRefused {
    /// No answer of this API.
    NotTheApi,
    /// The server's own words: the kind of error, and what it says.
    Error { kind: String, words: String },
}

#[derive(Deserialize)]
struct ApiAnswer {
    status: String,
    #[serde(default)]
    data: Option<ApiData>,
    #[serde(default, rename = "errorType")]
    error_type: String,
    #[serde(default)]
    error: String,
}

#[derive(Deserialize)]
struct ApiData {
    #[serde(default)]
    result: serde_json::Value,
    #[serde(rename = "resultType")]
    result_type: String,
}

#[derive(Deserialize)]
struct ApiSeries {
    #[serde(default)]
    metric: BTreeMap<String, String>,
    #[serde(default)]
    value: Option<(f64, String)>,
    #[serde(default)]
    values: Vec<(f64, String)>,
}

/// The rows of an answer to `query` or `query_range`.
pub(crate) fn rows(body: &[u8]) -> Result<Vec<Row>, QueryRefused> {
    let answer: ApiAnswer = serde_json::from_slice(body).map_err(|_not_json| QueryRefused::NotTheApi)?;
    if answer.status == "error" {
        return Err(QueryRefused::Error { kind: answer.error_type, words: answer.error });
    }
    let data = answer.data.filter(|_| answer.status == "success").ok_or(QueryRefused::NotTheApi)?;
    if !matches!(data.result_type.as_str(), "vector" | "matrix") {
        return Err(QueryRefused::NotTheApi);
    }
    let series: Vec<ApiSeries> = match data.result {
        serde_json::Value::Null => Vec::new(),
        result => serde_json::from_value(result).map_err(|_other_form| QueryRefused::NotTheApi)?,
    };
    Ok(series.into_iter().map(row_of).collect())
}

fn row_of(series: ApiSeries) -> Row {
    let points = series.value.into_iter().chain(series.values);
    let points = points.filter_map(|(at_secs, value)| Some((at_secs, value.parse::<f64>().ok()?)));
    Row { labels: series.metric, points: points.filter(|(_, value)| value.is_finite()).collect() }
}

/// The usual time between two samples of these rows, in seconds: how often the server scrapes.
pub(crate) fn scrape_secs(rows: &[Row]) -> Option<f64> {
    let gaps = rows.iter().flat_map(|row| row.points.windows(2).map(|pair| pair[1].0 - pair[0].0));
    let mut gaps: Vec<f64> = gaps.filter(|gap| *gap > 0.0).collect();
    gaps.sort_by(f64::total_cmp);
    gaps.get(gaps.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_each_server_are_read() {
        // Prometheus; Mimir and Thanos with warnings and an empty result; VictoriaMetrics with its own fields beside.
        let cases = [
            (
                r#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{"tierlight":"a"},"value":[10.5,"1.5"]}]}}"#,
                "a 10.5=1.5",
            ),
            (
                r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"tierlight":"a"},"values":[[1,"NaN"],[2,"3e8"],[3,"+Inf"]]}]}}"#,
                "a 2=300000000",
            ),
            (r#"{"status":"success","warnings":["partial"],"data":{"resultType":"vector","result":[]}}"#, ""),
            (
                r#"{"status":"success","isPartial":false,"data":{"resultType":"vector","result":[{"metric":{"tierlight":"b"},"value":[7,"0"]}]},"stats":{"seriesFetched":"1"}}"#,
                "b 7=0",
            ),
            (r#"{"status":"success","data":{"resultType":"vector","result":null}}"#, ""),
        ];
        for (body, expected) in cases {
            let words = |row: &Row| {
                let points = row.points.iter().map(|(at_secs, value)| format!("{at_secs}={value}"));
                format!("{} {}", row.labels["tierlight"], points.collect::<Vec<_>>().join(" "))
            };
            let told: Vec<String> = rows(body.as_bytes()).unwrap().iter().map(words).collect();
            assert_eq!(told.join("; "), expected);
        }
    }

    #[test]
    fn a_refusal_is_told_from_what_is_no_such_api() {
        let error = r#"{"status":"error","errorType":"bad_data","error":"query is too long"}"#;
        let told = QueryRefused::Error { kind: "bad_data".to_owned(), words: "query is too long".to_owned() };
        assert_eq!(rows(error.as_bytes()), Err(told));
        let others = [
            "",
            "{}",
            "up 1\n",
            "[1]",
            r#"{"status":"success"}"#,
            "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"2\"]}}",
        ];
        for other in others {
            assert_eq!(rows(other.as_bytes()), Err(QueryRefused::NotTheApi), "{other}");
        }
    }

    #[test]
    fn the_usual_gap_is_how_often_it_scrapes() {
        let row = |times: &[f64]| Row {
            labels: BTreeMap::new(),
            points: times.iter().map(|at_secs| (*at_secs, 1.0)).collect(),
        };
        assert_eq!(scrape_secs(&[row(&[0.0, 5.0, 10.0, 40.0]), row(&[2.0, 7.0])]), Some(5.0));
        assert_eq!(scrape_secs(&[row(&[3.0])]), None);
    }
}
