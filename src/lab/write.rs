//! A lab as the text of a lab file.

use super::{Access, Auth, Deployment, Exporter, Identity, Lab, Prometheus, SecretPlace, Serves, Url};

impl Lab {
    /// The lab file that reads as this lab. `head` are lines to stand above it, and `comments` gives those above the
    /// entry of that name.
    pub(crate) fn to_ron(&self, head: &[String], comments: &dyn Fn(&str) -> Vec<String>) -> String {
        let mut lines = vec!["#![enable(implicit_some)]".to_owned()];
        lines.extend(head.iter().map(|comment| format!("// {}", on_one_line(comment))));
        lines.push("Lab(".to_owned());
        lines.push(format!("    name: {:?},", self.name));
        let deployments = self.deployments.iter().map(|one| (&one.name, deployment(one)));
        push_list(&mut lines, "deployments", deployments, comments);
        let exporters = self.exporters.iter().map(|one| (&one.name, exporter(one)));
        push_list(&mut lines, "exporters", exporters, comments);
        if let Some(server) = &self.prometheus {
            lines.push(format!("    prometheus: {},", prometheus(server)));
        }
        lines.push(format!("    show_names: {},\n)\n", self.show_names));
        lines.join("\n")
    }
}

/// A comment may tell what a server called something: it stays a comment whatever that was.
fn on_one_line(comment: &str) -> String {
    comment.replace(char::is_control, " ")
}

fn push_list<'a>(
    lines: &mut Vec<String>,
    field: &str,
    entries: impl ExactSizeIterator<Item = (&'a String, String)>,
    comments: &dyn Fn(&str) -> Vec<String>,
) {
    if entries.len() == 0 {
        return;
    }
    lines.push(format!("    {field}: ["));
    for (name, entry) in entries {
        lines.extend(comments(name).iter().map(|comment| format!("        // {}", on_one_line(comment))));
        lines.push(format!("        {entry},"));
    }
    lines.push("    ],".to_owned());
}

fn deployment(one: &Deployment) -> String {
    let Deployment { name, serves, urls, instances, auth, access } = one;
    let instances = instances_field(instances);
    let (serves, urls, auth, access) = (serves_field(serves), url_list(urls), auth_value(auth), access_fields(access));
    format!("(name: {name:?}, {serves}, urls: {urls}{instances}, auth: {auth}{access})")
}

fn exporter(one: &Exporter) -> String {
    let Exporter { name, kind, urls, instances, devices, auth, access } = one;
    let devices = if devices.is_empty() { String::new() } else { format!(", devices: {devices:?}") };
    let instances = instances_field(instances);
    let (urls, auth, access) = (url_list(urls), auth_field(auth), access_fields(access));
    format!("(name: {name:?}, kind: {kind:?}, urls: {urls}{instances}{devices}{auth}{access})")
}

fn prometheus(one: &Prometheus) -> String {
    let Prometheus { url, job, tenant, auth, access } = one;
    let field = |name: &str, value: &Option<String>| {
        value.as_ref().map_or(String::new(), |value| format!(", {name}: {value:?}"))
    };
    let (job, tenant) = (field("job", job), field("tenant", tenant));
    format!("(url: \"{url}\"{job}{tenant}{}{})", auth_field(auth), access_fields(access))
}

fn instances_field(instances: &[String]) -> String {
    if instances.is_empty() { String::new() } else { format!(", instances: {instances:?}") }
}

/// Nothing where no login is wanted.
fn auth_field(auth: &Auth) -> String {
    if *auth == Auth::Public { String::new() } else { format!(", auth: {}", auth_value(auth)) }
}

fn serves_field(serves: &Serves) -> String {
    match serves {
        Serves::Tier(tier) => format!("tier: {}", tier.id()),
        Serves::Buckets(buckets) => {
            let tiers: Vec<_> = buckets.iter().map(|(tier, names)| format!("{}: {names:?}", tier.id())).collect();
            format!("buckets: {{ {} }}", tiers.join(", "))
        }
    }
}

fn auth_value(auth: &Auth) -> String {
    match auth {
        Auth::Public => "Public".to_owned(),
        Auth::Token(place) => format!("Token({})", secret_place(place)),
        Auth::Keys { access, secret } => format!("Keys(access: {access:?}, secret: {})", secret_place(secret)),
        Auth::Basic { user, password } => format!("Basic(user: {user:?}, password: {})", secret_place(password)),
    }
}

fn secret_place(place: &SecretPlace) -> String {
    match place {
        SecretPlace::Env(name) => format!("Env({name:?})"),
        SecretPlace::File(file) => format!("File({:?})", file.to_string_lossy()),
    }
}

fn access_fields(access: &Access) -> String {
    let mut tls = Vec::new();
    tls.extend(access.ca.as_ref().map(|file| format!("ca: {:?}", file.to_string_lossy())));
    tls.extend(access.skip_verification.then(|| "skip_verification: true".to_owned()));
    tls.extend(access.server_name.as_ref().map(|name| format!("name: {name:?}")));
    if let Some(Identity { cert, key }) = &access.identity {
        tls.push(format!("cert: {:?}, key: {:?}", cert.to_string_lossy(), key.to_string_lossy()));
    }
    let tls = if tls.is_empty() { String::new() } else { format!(", tls: ({})", tls.join(", ")) };
    let proxy = access.proxy.as_ref().map_or(String::new(), |url| format!(", proxy: \"{url}\""));
    format!("{tls}{proxy}")
}

fn url_list(urls: &[Url]) -> String {
    let urls: Vec<_> = urls.iter().map(|url| format!("\"{url}\"")).collect();
    format!("[{}]", urls.join(", "))
}
