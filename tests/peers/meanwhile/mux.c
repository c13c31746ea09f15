/* A Sametime server made of libmeanwhile's message code: 0 and 1 are one connection, what it read goes to 2.

   Usage: mux ack | mux destroy CODE
   Prints one line a message: its name and its fields, as the library understood them. Answers a HANDSHAKE with a
   HANDSHAKE_ACK or with a CHANNEL_DESTROY. Ends at the client's CHANNEL_DESTROY or with the connection. */

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mw_common.h>
#include <mw_message.h>

enum { LARGEST = 65536, KEY_LENGTH = 64 };

static gboolean read_all(guchar *data, gsize length) {
  while (length > 0) {
    ssize_t count = read(0, data, length);
    if (count <= 0) return FALSE;
    data += count;
    length -= (gsize)count;
  }
  return TRUE;
}

static void send_message(struct mwMessage *message) {
  struct mwPutBuffer *content = mwPutBuffer_new();
  struct mwOpaque bytes;
  mwMessage_put(content, message);
  mwPutBuffer_finalize(&bytes, content);
  struct mwPutBuffer *framed = mwPutBuffer_new();
  mwOpaque_put(framed, &bytes); /* a message travels as its length and itself: the library's "opaque" */
  struct mwOpaque wire;
  mwPutBuffer_finalize(&wire, framed);
  if (write(1, wire.data, wire.len) != (ssize_t)wire.len) fprintf(stderr, "send-failed\n");
}

static guint32 client_address(void) {
  struct sockaddr_in peer;
  socklen_t size = sizeof peer;
  if (getpeername(0, (struct sockaddr *)&peer, &size) != 0 || peer.sin_family != AF_INET) return 0;
  return ntohl(peer.sin_addr.s_addr);
}

static void acknowledge(const struct mwMsgHandshake *asked) {
  struct mwMsgHandshakeAck *answer = (struct mwMsgHandshakeAck *)mwMessage_new(mwMessage_HANDSHAKE_ACK);
  answer->major = asked->major;
  answer->minor = asked->minor;
  answer->srvrcalc_addr = client_address();
  answer->magic = 0xa1b2c3d4;
  answer->data.len = KEY_LENGTH;
  answer->data.data = g_malloc(KEY_LENGTH);
  for (int i = 0; i < KEY_LENGTH; i++) answer->data.data[i] = (guchar)(i + 1);
  send_message(MW_MESSAGE(answer));
}

static void refuse(guint32 reason) {
  struct mwMsgChannelDestroy *answer = (struct mwMsgChannelDestroy *)mwMessage_new(mwMessage_CHANNEL_DESTROY);
  answer->reason = reason;
  send_message(MW_MESSAGE(answer));
}

/* GLib's default would mix the library's own messages with ours. */
static void discard(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {
  (void)domain;
  (void)level;
  (void)message;
  (void)data;
}

int main(int count, char **words) {
  g_log_set_default_handler(discard, NULL);
  gboolean accepts = count > 1 && strcmp(words[1], "ack") == 0;
  guint32 reason = count > 2 ? (guint32)strtoul(words[2], NULL, 16) : 0;
  guchar size[4];
  while (read_all(size, sizeof size)) {
    guint32 length = ((guint32)size[0] << 24) | ((guint32)size[1] << 16) | ((guint32)size[2] << 8) | size[3];
    if (length > LARGEST) {
      fprintf(stderr, "too-long %u\n", length);
      return 1;
    }
    guchar *data = g_malloc(length);
    if (!read_all(data, length)) {
      fprintf(stderr, "cut-short\n");
      return 1;
    }
    struct mwOpaque bytes = {length, data};
    struct mwGetBuffer *reader = mwGetBuffer_wrap(&bytes);
    struct mwMessage *message = mwMessage_get(reader);
    if (message == NULL || mwGetBuffer_error(reader)) {
      fprintf(stderr, "not-understood\n");
      return 1;
    }
    unsigned left = (unsigned)mwGetBuffer_remaining(reader);
    if (message->type == mwMessage_HANDSHAKE) {
      struct mwMsgHandshake *asked = (struct mwMsgHandshake *)message;
      fprintf(stderr, "HANDSHAKE options=%x channel=%x version=%u.%u server_calculated=%x type=%04x local=%x "
              "a=%04x b=%x host=%s left=%u\n",
              message->options, message->channel, asked->major, asked->minor, asked->srvrcalc_addr,
              asked->login_type, asked->loclcalc_addr, asked->unknown_a, asked->unknown_b,
              asked->local_host == NULL ? "" : asked->local_host, left);
      if (accepts) {
        acknowledge(asked);
      } else {
        refuse(reason);
      }
    } else if (message->type == mwMessage_CHANNEL_DESTROY) {
      struct mwMsgChannelDestroy *end = (struct mwMsgChannelDestroy *)message;
      fprintf(stderr, "CHANNEL_DESTROY channel=%x reason=%08x left=%u\n", message->channel, end->reason, left);
      return 0;
    } else {
      fprintf(stderr, "OTHER type=%04x left=%u\n", message->type, left);
    }
  }
  fprintf(stderr, "end\n");
  return 0;
}
