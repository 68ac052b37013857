//! The talk from outside: nothing without the token, one command a request, and whatever a client sends, the talk goes on.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tierlight::presentation::event::Event;
use tierlight::remote::{PictureOf, Reach, Remote, RemotePass, Talk};
use tierlight::show::Show;

use crate::talk::{self, Dice};

/// A show without a window; which commands and points came, and how many phones were paired.
struct Told {
    show: Mutex<Show>,
    commands: Mutex<Vec<String>>,
    points: Mutex<Vec<Option<[f32; 2]>>>,
    paired: Mutex<usize>,
}

impl Told {
    fn new() -> Arc<Self> {
        let show = Mutex::new(talk::talk("none"));
        Arc::new(Self { show, commands: Mutex::default(), points: Mutex::default(), paired: Mutex::default() })
    }
}

impl Talk for Told {
    fn carry_out(&self, name: &str, rest: &str) -> Result<(), String> {
        if !rest.is_empty() {
            self.commands.lock().unwrap().push(format!("{name} {rest}"));
            return Ok(());
        }
        let mut show = self.show.lock().unwrap();
        let command = show.presentation().keymap().command_named(name);
        let command = command.ok_or_else(|| format!("no command \"{name}\""))?;
        let now_secs = show.now_secs();
        show.take(now_secs, Event::Command(command));
        self.commands.lock().unwrap().push(name.to_owned());
        Ok(())
    }

    fn state(&self) -> Value {
        json!({ "at": self.show.lock().unwrap().presentation().address().to_string() })
    }

    fn point(&self, at: Option<[f32; 2]>) {
        self.points.lock().unwrap().push(at);
    }

    fn paired(&self) {
        *self.paired.lock().unwrap() += 1;
    }

    fn picture(&self, of: PictureOf) -> Vec<u8> {
        format!("a picture of {of:?}").into_bytes()
    }
}

struct Served {
    told: Arc<Told>,
    address: SocketAddr,
    token: String,
    remote: Remote,
}

fn served(reach: Reach) -> Served {
    let told = Told::new();
    let pass = RemotePass::new(reach).unwrap();
    let token = pass.token().to_owned();
    let remote = Remote::listen("127.0.0.1:0".parse().unwrap(), pass, told.clone()).unwrap();
    Served { told, address: remote.address(), token, remote }
}

/// What is answered to these very bytes: the status, 0 where the connection was closed without one, and the body.
fn send(address: SocketAddr, bytes: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // A server that refuses early may close before all is written.
    let _closed = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _closed = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
    (status, text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
}

fn ask(served: &Served, line: &str, token: &str, body: &str) -> (u16, String) {
    let length = body.len();
    let head =
        format!("{line} HTTP/1.1\r\nHost: it\r\nAuthorization: Bearer {token}\r\nContent-Length: {length}\r\n\r\n");
    send(served.address, format!("{head}{body}").as_bytes())
}

fn commands(served: &Served) -> Vec<String> {
    served.told.commands.lock().unwrap().clone()
}

#[test]
fn a_command_passes_the_door_and_an_unknown_one_does_nothing() {
    let served = served(Reach::Machine);
    let token = served.token.clone();
    assert_eq!(ask(&served, "POST /command/next-scene", &token, "").0, 200);
    assert_eq!(commands(&served), ["next-scene"]);
    let (status, state) = ask(&served, "GET /state", &token, "");
    assert_eq!((status, state.as_str()), (200, "{\"at\":\"executive:1\"}"));
    assert_eq!(ask(&served, "GET /next.png", &token, "").1, "a picture of Next");
    assert_eq!(ask(&served, "GET /now.png", &token, "").1, "a picture of Now");
    for (line, status) in [
        ("POST /command/nxt", 404),
        ("POST /command/", 404),
        ("POST /state", 404),
        ("GET /command/next", 404),
        ("DELETE /state", 405),
        ("GET /", 404),
        ("POST /pair", 404),
    ] {
        assert_eq!(ask(&served, line, &token, "").0, status, "{line}");
    }
    assert_eq!(ask(&served, "POST /command/jump", &token, "loop:4\n").0, 200);
    assert_eq!(commands(&served), ["next-scene", "jump loop:4"]);
}

#[test]
fn the_laser_is_where_a_finger_is_and_goes_out_with_it() {
    let served = served(Reach::Machine);
    let points = |body: &str| {
        thread::sleep(Duration::from_millis(40));
        let (status, words) = ask(&served, "POST /laser", &served.token, body);
        assert!(status == 200 || body.len() > 9 || !body.contains(' '), "{body}: {status} {words}");
        (status, std::mem::take(&mut *served.told.points.lock().unwrap()))
    };
    type Pointed = [Option<[f32; 2]>];
    let cases: [(&str, u16, &Pointed); 7] = [
        ("960 540", 200, &[Some([960.0, 540.0])]),
        ("12.5 7", 200, &[Some([12.5, 7.0])]),
        ("5000 -3", 200, &[Some([1920.0, 0.0])]),
        ("", 200, &[None]),
        ("here", 400, &[]),
        ("NaN inf here", 400, &[]),
        ("960", 400, &[]),
    ];
    for (body, status, told) in cases {
        assert_eq!(points(body), (status, told.to_vec()), "{body}");
    }
    assert_eq!(ask(&served, "POST /laser", "wrong", "960 540").0, 401);
    assert!(served.told.points.lock().unwrap().is_empty());
}

#[test]
fn the_laser_moves_thirty_times_a_second_at_most_and_always_goes_out() {
    let served = served(Reach::Machine);
    let begun = std::time::Instant::now();
    let statuses: Vec<u16> = (0..60).map(|_| ask(&served, "POST /laser", &served.token, "960 540").0).collect();
    let most = (begun.elapsed().as_secs_f64() * 30.0) as usize + 1;
    let passed = statuses.iter().filter(|status| **status == 200).count();
    assert!(passed >= 1 && passed <= most, "{passed} of at most {most}");
    assert!(statuses.iter().all(|status| [200, 429].contains(status)), "{statuses:?}");
    assert_eq!(ask(&served, "POST /laser", &served.token, "").0, 200);
    assert_eq!(served.told.points.lock().unwrap().len(), passed + 1);
}

#[test]
fn nothing_is_done_and_nothing_told_without_the_token() {
    let served = served(Reach::Machine);
    let wrong = [String::new(), "x".repeat(22), served.token.to_uppercase(), format!("{}x", served.token)];
    for token in wrong {
        for line in ["POST /command/next", "GET /state", "GET /next.png", "GET /anything"] {
            let (status, body) = ask(&served, line, &token, "");
            assert_eq!(status, 401, "{line} with {token}");
            assert!(!body.contains("title"), "{body}");
        }
    }
    assert_eq!(send(served.address, b"GET /state HTTP/1.1\r\nHost: it\r\n\r\n").0, 401);
    assert!(commands(&served).is_empty());
}

#[test]
fn malformed_requests_end_their_connection_only() {
    let served = served(Reach::Room);
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(1 << 20));
    let body = format!("POST /pair HTTP/1.1\r\nHost: it\r\nContent-Length: 5000\r\n\r\n{}", "k".repeat(5000));
    let bytes: [&[u8]; 8] = [
        b"\r\n\r\n",
        b"\0\x01\xff\xfe\r\n\r\n",
        b"NEXT\r\n\r\n",
        b"POST /command/next HTTP/9.9\r\n\r\n",
        b"POST /command/next HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /command/next HTTP/1.1\r\nAuthorization: Bearer \xff\xff\r\nHost: it\r\n\r\n",
        long.as_bytes(),
        body.as_bytes(),
    ];
    for bytes in bytes {
        let (status, _) = send(served.address, bytes);
        assert!(status == 0 || (400..500).contains(&status) || status == 505, "{status} to {} bytes", bytes.len());
    }
    assert!(commands(&served).is_empty());
    assert_eq!(ask(&served, "POST /command/next", &served.token, "").0, 200, "and the talk goes on");
}

/// A request as nobody writes one: a right one but for its token, with bytes changed, gone and come.
fn mangled(dice: &mut Dice) -> Vec<u8> {
    let lines = ["POST /command/next", "GET /state", "GET /next.png", "POST /pair", "GET /"];
    let (line, wrong) = (lines[dice.below(lines.len())], "x".repeat(dice.below(30)));
    let length = dice.below(40);
    let head =
        format!("{line} HTTP/1.1\r\nHost: it\r\nAuthorization: Bearer {wrong}\r\nContent-Length: {length}\r\n\r\n");
    let mut bytes = [head.as_bytes(), &vec![b'k'; dice.below(60)]].concat();
    for _ in 0..dice.below(6) {
        let (at, byte) = (dice.below(bytes.len()), dice.below(256) as u8);
        match dice.below(3) {
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            _ => drop(bytes.drain(at..(at + 1 + dice.below(8)).min(bytes.len()))),
        }
    }
    bytes
}

/// So many of them from so many clients at once: whoever has a wrong token waits. Each closes its side, so that a server
/// that waits for more hears that none comes.
fn send_mangled(count: u64, clients: u64) {
    let served = Arc::new(served(Reach::Room));
    let client = |nth: u64, served: Arc<Served>| {
        move || {
            let mut dice = Dice(nth);
            for round in 0..count / clients {
                let bytes = mangled(&mut dice);
                let mut stream = TcpStream::connect(served.address).unwrap();
                stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                let _closed = stream.write_all(&bytes).and_then(|()| stream.shutdown(std::net::Shutdown::Write));
                let mut answer = Vec::new();
                let _closed = stream.read_to_end(&mut answer);
                let status = String::from_utf8_lossy(&answer);
                let status: u16 = status.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
                let text = String::from_utf8_lossy(&bytes);
                // Only the page that asks for the key is for everybody.
                assert!(
                    status != 200 || text.starts_with("GET /"),
                    "client {nth}, round {round}: {status} to {text:?}"
                );
                assert!(!String::from_utf8_lossy(&answer).contains(&served.token), "client {nth}, round {round}");
            }
        }
    };
    let clients: Vec<_> = (0..clients).map(|nth| thread::spawn(client(nth, served.clone()))).collect();
    for client in clients {
        client.join().unwrap();
    }
    assert!(commands(&served).is_empty());
    assert_eq!(ask(&served, "POST /command/next", &served.token, "").0, 200, "and the talk goes on");
}

#[test]
fn mangled_requests_do_and_tell_nothing() {
    send_mangled(400, 8);
}

#[test]
#[ignore = "takes minutes"]
fn two_hundred_thousand_mangled_requests_do_and_tell_nothing() {
    send_mangled(200_000, 100);
}

#[test]
fn many_clients_at_once_each_give_their_command() {
    const CLIENTS: usize = 100;
    let served = Arc::new(served(Reach::Machine));
    let press = |served: Arc<Served>| move || ask(&served, "POST /command/next-scene", &served.token, "").0;
    let clients: Vec<_> = (0..CLIENTS).map(|_| thread::spawn(press(served.clone()))).collect();
    // One that says nothing holds nobody up.
    let _silent = TcpStream::connect(served.address).unwrap();
    assert!(clients.into_iter().all(|client| client.join().unwrap() == 200));
    assert_eq!(commands(&served).len(), CLIENTS);
}

#[test]
fn a_phone_gets_the_token_for_the_key_once() {
    let served = served(Reach::Room);
    assert_eq!(ask(&served, "POST /pair", "", "").0, 403, "nobody is waited for");
    let key = served.remote.wait_for_phone(true).unwrap();
    assert_eq!(served.remote.wait_for_phone(true).as_deref(), Some(key.as_str()), "one key for as long as it is shown");
    let (status, page) = ask(&served, "GET /", "", "");
    assert!(status == 200 && page.contains("Tierlight") && !page.contains(&served.token) && !page.contains(&key));
    assert_eq!(ask(&served, "POST /pair", "", "wrong").0, 403);
    assert_eq!(ask(&served, "POST /pair", "", &key), (200, served.token.clone()));
    assert_eq!(ask(&served, "POST /pair", "", &key).0, 403, "once");
    assert_eq!(*served.told.paired.lock().unwrap(), 1);
}

#[test]
fn another_code_pairs_another_phone_and_the_first_one_stays() {
    let served = served(Reach::Room);
    let keys: Vec<String> = (0..3)
        .map(|_| {
            let key = served.remote.wait_for_phone(true).unwrap();
            assert_eq!(ask(&served, "POST /pair", "", &key), (200, served.token.clone()));
            served.remote.wait_for_phone(false);
            key
        })
        .collect();
    assert!(keys[0] != keys[1] && keys[1] != keys[2]);
    assert_eq!(ask(&served, "POST /command/next-scene", &served.token, "").0, 200, "the first phone goes on");
    let put_away = served.remote.wait_for_phone(true).unwrap();
    assert_eq!(served.remote.wait_for_phone(false), None);
    for key in keys.iter().chain([&put_away]) {
        assert_eq!(ask(&served, "POST /pair", "", key).0, 403);
    }
    let machine = self::served(Reach::Machine);
    assert_eq!(machine.remote.wait_for_phone(true), None, "from this machine nobody is paired");
}

#[test]
fn the_page_of_a_phone_pairs_again_and_shows_all_of_the_time() {
    let served = served(Reach::Room);
    let page = ask(&served, "GET /", "", "").1;
    for part in ["location.hash", "elapsed_secs", "left_secs", "behind_secs", "/laser", "/now.png", "onpointercancel"] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn other_machines_are_let_in_only_where_that_is_asked_for() {
    let listen = |reach| Remote::listen("0.0.0.0:0".parse().unwrap(), RemotePass::new(reach).unwrap(), Told::new());
    let refused = listen(Reach::Machine).err().unwrap();
    assert!(refused.contains("--remote-lan"), "{refused}");
    assert!(listen(Reach::Room).is_ok());
}
