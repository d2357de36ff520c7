//! Madang's server over real sockets: each test has a server of its own on a free port, with a fresh data folder.

mod support;

mod answers;
mod binary;
mod catching_up;
mod cleaning;
mod coming_back;
mod cors;
mod data_folder;
mod dialects;
mod events;
mod farewell;
mod forms;
mod full_disk;
mod hostile;
mod hostile_http;
mod hostile_sessions;
mod hostile_sockets;
mod idempotence;
mod lagging;
mod limits;
mod limits_outside;
mod logging;
mod membership;
mod names;
mod notes_routes;
mod old_clients;
mod order;
mod origin;
mod own_host;
mod paths;
mod presence;
mod restart;
mod room_names;
mod session;
mod unread;
