//! `minutebook login`: signs a person in at a provider that the server trusts.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use clap::Args;
use tokio::sync::mpsc;

use super::client::Client;
use super::failure::Failure;
use super::screen::Screen;
use super::sign_in::bearer::{Bearer, blocking, require_private_way};
use super::sign_in::find_provider;
use super::sign_in::loopback::LoopbackPage;
use super::sign_in::token_file::TokenFile;
use super::sign_in::{Credentials, Server};
use minutebook_grpc::wire::proto::{
    GetSignInRequest, GetSignInResponse, SignInIssuer, WhoAmIRequest,
};
use minutebook_kernel::sign_in::browser_answer::ExpectedAnswer;
use minutebook_kernel::sign_in::issued_tokens::IssuedTokens;
use minutebook_kernel::sign_in::provider::{DevicePrompt, Provider, TokenRequest};
use minutebook_present::answer::Answer as _;
use minutebook_present::table;

#[derive(Debug, Args)]
pub struct LoginArgs {
    /// The issuer to sign in at, where the server trusts several
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,

    /// Sign in on another device, with a code [default where no browser can be opened]
    #[arg(long)]
    device: bool,

    /// The account or office to sign in as, where the provider takes a hint
    #[arg(long = "as", value_name = "NAME", conflicts_with = "no_browser")]
    hint: Option<String>,

    /// Print the address to open in a browser of this machine
    #[arg(long, conflicts_with = "device")]
    no_browser: bool,
}

/// The way to sign in.
enum Way {
    Device,
    /// In a browser, which this program opens or the person does.
    Browser {
        opens: bool,
    },
}

pub async fn run(args: &LoginArgs, server: &Server, screen: &mut Screen) -> Result<(), Failure> {
    let credentials = server.credentials.clone().unwrap_or_default();
    let open = Client::connect(&server.anonymous()).await?;
    let answer = open.caller().get_sign_in(GetSignInRequest {}).await?;
    let answer = answer.into_inner();
    if !answer.required {
        let sentence = format!("{} asks nobody to sign in.", server.url());
        return screen.line(&sentence);
    }
    require_private_way(server)?;
    let file = TokenFile::of(&credentials).ok_or_else(no_folder)?;
    if answer.issuers.is_empty() {
        return Err(Failure::Usage(format!(
            "{} takes client certificates only: name yours with --client-cert and --client-key.",
            server.url()
        )));
    }
    let issuer = chosen(answer, args.issuer.as_deref())?;
    let provider = find(issuer, &credentials).await?;
    let way = match args {
        LoginArgs { device: true, .. } => Way::Device,
        LoginArgs { hint: Some(_), .. } if provider.has_device_sign_in() => Way::Device,
        LoginArgs {
            no_browser: true, ..
        } => Way::Browser { opens: false },
        _ if can_open_browser() => Way::Browser { opens: true },
        _ if provider.has_device_sign_in() => Way::Device,
        _ => Way::Browser { opens: false },
    };
    let issuer = provider.issuer().to_owned();
    let tokens = match way {
        Way::Device => on_device(provider, args.hint.clone(), screen).await?,
        Way::Browser { opens } => in_browser(provider, opens, args.hint.as_deref(), screen).await?,
    };
    // A token that the register refuses is not kept.
    let signed_in = open.with_bearer(Bearer::fixed(&tokens.access_token)?);
    let caller = signed_in.caller().who_am_i(WhoAmIRequest {}).await?;
    let key = server.token_key();
    blocking(move || file.lock()?.put(&key, tokens)).await?;
    screen.line(&format!("Signed in to {} at {issuer}.", server.url()))?;
    let report = caller.into_inner().report();
    screen.line(&table::render(&report, screen.layout()))
}

/// The issuer to sign in at: the one that is named, or the only one.
fn chosen(answer: GetSignInResponse, named: Option<&str>) -> Result<SignInIssuer, Failure> {
    let issuers = answer.issuers.into_iter();
    let mut usable: Vec<SignInIssuer> = issuers
        .filter(|issuer| !issuer.login_client_id.is_empty())
        .filter(|issuer| named.is_none_or(|named| named == issuer.issuer))
        .collect();
    match (usable.pop(), usable.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            usable.push(last);
            let names: Vec<String> = usable.into_iter().map(|issuer| issuer.issuer).collect();
            Err(Failure::Usage(format!(
                "The server trusts several issuers: say at which to sign in, with --issuer.\n  {}",
                names.join("\n  ")
            )))
        }
        (None, _) => Err(Failure::Refused(format!(
            "The server names no client as which this program could sign you in{}: its operator \
             sets login_client_id (--login-client). With a token from elsewhere, set \
             MINUTEBOOK_TOKEN.",
            named
                .map(|named| format!(" at {named}"))
                .unwrap_or_default()
        ))),
    }
}

async fn find(issuer: SignInIssuer, credentials: &Credentials) -> Result<Provider, Failure> {
    let wanted = TokenRequest {
        issuer: issuer.issuer,
        client_id: issuer.login_client_id,
        scopes: issuer.scopes,
        resource: Some(issuer.resource).filter(|resource| !resource.is_empty()),
    };
    let authority = credentials.issuer_authority()?;
    blocking(move || find_provider(wanted, authority.as_deref())).await
}

async fn on_device(
    provider: Provider,
    hint: Option<String>,
    screen: &mut Screen,
) -> Result<IssuedTokens, Failure> {
    let is_hinted = hint.is_some();
    let (provider, begun) = blocking(move || {
        let begun = provider.begin_on_device(hint.as_deref())?;
        Ok((provider, Arc::new(begun)))
    })
    .await?;
    let (waits, mut waiting) = mpsc::unbounded_channel();
    let finished = {
        let begun = Arc::clone(&begun);
        let wait = move |time| {
            // Nobody listens any more once the page is shown.
            let _ = waits.send(());
            std::thread::sleep(time);
        };
        tokio::spawn(blocking(move || {
            Ok(provider.finish_on_device(&begun, wait)?)
        }))
    };
    // A provider that takes the hint for an answer needs no page.
    if !is_hinted || waiting.recv().await.is_some() {
        show_page(&begun, screen)?;
    }
    let finished = finished.await;
    finished.unwrap_or_else(|_| Err(Failure::Broken("A fault in the sign-in.".to_owned())))
}

/// Says where the person signs in on another device.
fn show_page(begun: &DevicePrompt, screen: &mut Screen) -> Result<(), Failure> {
    let page = begun.verification_uri().as_str();
    let code = begun.user_code().secret();
    screen.line(&format!(
        "To sign in, open {page} on any device, and enter {code}"
    ))?;
    if let Some(whole) = begun.verification_uri_complete() {
        screen.line(&format!("or open {}", whole.secret()))?;
    }
    Ok(())
}

async fn in_browser(
    provider: Provider,
    opens: bool,
    hint: Option<&str>,
    screen: &mut Screen,
) -> Result<IssuedTokens, Failure> {
    let page = LoopbackPage::open().await?;
    let begun = provider.begin_in_browser(page.url(), hint)?;
    if !(opens && open_browser(&begun.url)) {
        screen.line("To sign in, open this address in a browser of this machine:")?;
        screen.line(&begun.url)?;
    } else {
        screen.line(&format!(
            "Sign in at {} in your browser.",
            provider.issuer()
        ))?;
    }
    let expected = ExpectedAnswer {
        state: begun.state.secret().clone(),
        issuer: provider.issuer().to_owned(),
        names_issuer: provider.names_itself(),
    };
    let code = page.code(expected).await?;
    blocking(move || Ok(provider.finish_in_browser(begun, code)?)).await
}

/// Whether there is a screen on which a browser could open.
fn can_open_browser() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    // On a machine that is reached by ssh, the browser would open elsewhere.
    let is_remote = is_set("SSH_CONNECTION");
    let has_screen = cfg!(target_os = "macos") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
    has_screen && !is_remote && opener().is_some()
}

/// The program of the system that opens a browser.
fn opener() -> Option<&'static str> {
    let name = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let path = std::env::var_os("PATH")?;
    let mut folders = std::env::split_paths(&path);
    let is_there = |folder: &Path| folder.join(name).is_file();
    folders.any(|folder| is_there(&folder)).then_some(name)
}

fn open_browser(url: &str) -> bool {
    let Some(opener) = opener() else {
        return false;
    };
    let mut command = Command::new(opener);
    command
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().is_ok()
}

/// There is no place for the file of tokens.
pub fn no_folder() -> Failure {
    Failure::Usage(
        "There is no folder to keep tokens in: set HOME, or name the file in MINUTEBOOK_TOKENS."
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(issuers: &[(&str, &str)]) -> GetSignInResponse {
        let issuers = issuers.iter().map(|(issuer, client)| SignInIssuer {
            issuer: (*issuer).to_owned(),
            login_client_id: (*client).to_owned(),
            ..SignInIssuer::default()
        });
        GetSignInResponse {
            required: true,
            issuers: issuers.collect(),
        }
    }

    #[test]
    fn the_only_issuer_is_taken_and_one_of_several_must_be_named() {
        let chosen = |issuers: &[(&str, &str)], named| {
            chosen(answer(issuers), named).map(|found| found.issuer)
        };
        assert_eq!(chosen(&[("a", "cli"), ("b", "")], None).unwrap(), "a");
        let two = [("a", "cli"), ("b", "cli")];
        assert_eq!(chosen(&two, Some("b")).unwrap(), "b");
        assert_eq!(chosen(&two, None).unwrap_err().exit_code(), 2);
        for none in [chosen(&two, Some("c")), chosen(&[("b", "")], None)] {
            assert_eq!(none.unwrap_err().exit_code(), 1);
        }
    }
}
