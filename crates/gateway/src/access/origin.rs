//! Where a request comes from.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header;
use service::problem::Problem;
use url::Url;

use crate::settings::Settings;

/// The address of the one who asks; that of the connection unless a trusted
/// proxy tells another.
pub(crate) fn address(request: &HttpRequest, settings: &Settings) -> Option<IpAddr> {
    let told = settings
        .trust_proxy
        .then(|| {
            request
                .headers()
                .get("x-real-ip")?
                .to_str()
                .ok()?
                .parse()
                .ok()
        })
        .flatten();
    told.or_else(|| request.peer_addr().map(|peer| peer.ip()))
        .map(neighbourhood)
}

/// An IPv6 user has a whole /64 to choose addresses from.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6([a, b, c, d, 0, 0, 0, 0].into())
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Refuses what another site's page sent. What is no browser tells nothing and
/// passes; the session's `X-CSRF-Token` is asked of it all the same.
pub(super) fn check_site(request: &HttpRequest, settings: &Settings) -> Result<(), Problem> {
    let refused = || {
        Problem::new(403, "cross-site", "Refused from another site")
            .detail("Only pages of this service may change anything with its session.")
    };
    let text = |name: &str| {
        request
            .headers()
            .get(name)
            .map(|v| v.to_str().unwrap_or(""))
    };
    if let Some(site) = text("sec-fetch-site")
        && !matches!(site, "same-origin" | "none")
    {
        return Err(refused());
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else {
        return Ok(());
    };
    let origin = Url::parse(origin).map_err(|_| refused())?;
    let public = settings
        .public_url
        .as_ref()
        .is_some_and(|public| public.origin() == origin.origin());
    let host = text(header::HOST.as_str())
        .and_then(|host| Url::parse(&format!("{}://{host}", origin.scheme())).ok())
        .is_some_and(|here| here.origin() == origin.origin());
    if public || host {
        Ok(())
    } else {
        Err(refused())
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn settings(public_url: Option<&str>) -> Settings {
        Settings {
            public_url: public_url.map(|url| url.parse().unwrap()),
            ..Settings::new("0123456789abcdef0123456789abcdef".parse().unwrap())
        }
    }

    #[test]
    fn only_our_own_pages_pass() {
        let check = |origin: &str, host: &str, public| {
            let request = TestRequest::post()
                .insert_header(("host", host))
                .insert_header(("origin", origin))
                .to_http_request();
            check_site(&request, &settings(public)).is_ok()
        };
        assert!(check("http://localhost:8080", "localhost:8080", None));
        assert!(check("https://pdf.example.org", "pdf.example.org", None));
        assert!(check(
            "https://a.example",
            "gateway:8081",
            Some("https://a.example/")
        ));
        assert!(!check(
            "https://b.example",
            "gateway:8081",
            Some("https://a.example/")
        ));
        assert!(!check("http://localhost:8081", "localhost:8080", None));
        assert!(!check("null", "localhost:8080", None));

        let fetched = |site: &str| {
            let request = TestRequest::post()
                .insert_header(("sec-fetch-site", site))
                .to_http_request();
            check_site(&request, &settings(None)).is_ok()
        };
        assert!(fetched("same-origin"));
        assert!(!fetched("same-site"));
        assert!(!fetched("cross-site"));
    }

    #[test]
    fn a_proxy_is_believed_only_where_told_so() {
        let request = TestRequest::get()
            .peer_addr("10.0.0.1:5".parse().unwrap())
            .insert_header(("x-real-ip", "192.0.2.7"))
            .to_http_request();
        let mut settings = settings(None);
        assert_eq!(
            address(&request, &settings).unwrap().to_string(),
            "10.0.0.1"
        );
        settings.trust_proxy = true;
        assert_eq!(
            address(&request, &settings).unwrap().to_string(),
            "192.0.2.7"
        );
    }

    #[test]
    fn a_neighbourhood_is_one_address() {
        let place = |text: &str| neighbourhood(text.parse().unwrap()).to_string();
        assert_eq!(place("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(place("::ffff:192.0.2.7"), "192.0.2.7");
    }
}
