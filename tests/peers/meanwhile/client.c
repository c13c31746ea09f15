/* libmeanwhile as a Sametime client: inputs 0, outputs 1 are its connection, what it thinks goes to 2.

   It goes as far as the server's HANDSHAKE_ACK and takes its leave. The LOGIN that the library would send next is
   held back. Ends with 0 when the acknowledgement came, with 1 otherwise. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mw_session.h>

static gboolean acknowledged = FALSE;
static gboolean mute = FALSE;

static int io_write(struct mwSession *session, const guchar *data, gsize length) {
  (void)session;
  if (mute) return 0;
  while (length > 0) {
    ssize_t written = write(1, data, length);
    if (written <= 0) return -1;
    data += written;
    length -= (gsize)written;
  }
  return 0;
}

static void io_close(struct mwSession *session) {
  (void)session;
  fprintf(stderr, "closes\n");
}

static void on_state(struct mwSession *session, enum mwSessionState state, gpointer info) {
  (void)session;
  switch (state) {
    case mwSession_HANDSHAKE:
      fprintf(stderr, "state HANDSHAKE\n");
      break;
    case mwSession_HANDSHAKE_ACK:
      acknowledged = TRUE;
      mute = TRUE;
      fprintf(stderr, "state HANDSHAKE_ACK\n");
      break;
    case mwSession_STOPPING:
      fprintf(stderr, "state STOPPING %08x\n", GPOINTER_TO_UINT(info));
      break;
    case mwSession_STOPPED:
      fprintf(stderr, "state STOPPED\n");
      break;
    default:
      break;
  }
}

/* GLib's default would mix the library's own messages with ours. */
static void discard(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {
  (void)domain;
  (void)level;
  (void)message;
  (void)data;
}

int main(void) {
  g_log_set_default_handler(discard, NULL);
  struct mwSessionHandler handler;
  memset(&handler, 0, sizeof handler);
  handler.io_write = io_write;
  handler.io_close = io_close;
  handler.on_stateChange = on_state;

  struct mwSession *session = mwSession_new(&handler);
  mwSession_start(session);
  guchar data[4096];
  while (!acknowledged && !mwSession_isStopped(session)) {
    ssize_t count = read(0, data, sizeof data);
    if (count <= 0) break;
    mwSession_recv(session, data, (gsize)count);
  }
  mute = FALSE;
  if (acknowledged) {
    fprintf(stderr, "server %u.%u\n", GPOINTER_TO_UINT(mwSession_getProperty(session, mwSession_SERVER_VER_MAJOR)),
            GPOINTER_TO_UINT(mwSession_getProperty(session, mwSession_SERVER_VER_MINOR)));
    mwSession_stop(session, 0);
  }
  return acknowledged ? 0 : 1;
}
