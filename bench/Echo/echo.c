// A fast UDP echo server in C: batches by recvmmsg and sendmmsg, one thread.
// Prints "listening PORT" when it is ready. Ends when standard input ends, which happens when the parent process ends.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BATCH = 64, SLOT = 2048, BUFFER = 4 * 1024 * 1024 };

static char slots[BATCH][SLOT];
static struct sockaddr_in peers[BATCH];
static struct iovec vectors[BATCH];
static struct mmsghdr messages[BATCH];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void *end_with_parent(void *unused) {
  char byte;
  while (read(STDIN_FILENO, &byte, 1) > 0) {
  }
  _exit(0);
  return unused;
}

int main(void) {
  pthread_t watcher;
  if (pthread_create(&watcher, NULL, end_with_parent, NULL) != 0) fail("pthread_create");
  int server = socket(AF_INET, SOCK_DGRAM, 0);
  if (server < 0) fail("socket");
  int buffer = BUFFER;
  setsockopt(server, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  setsockopt(server, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (bind(server, (struct sockaddr *)&address, length) < 0) fail("bind");
  if (getsockname(server, (struct sockaddr *)&address, &length) < 0) fail("getsockname");
  printf("listening %d\n", ntohs(address.sin_port));
  fflush(stdout);

  for (int i = 0; i < BATCH; i++) {
    vectors[i].iov_base = slots[i];
    messages[i].msg_hdr.msg_name = &peers[i];
    messages[i].msg_hdr.msg_iov = &vectors[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }

  for (;;) {
    for (int i = 0; i < BATCH; i++) {
      vectors[i].iov_len = SLOT;
      messages[i].msg_hdr.msg_namelen = sizeof peers[i];
    }
    int received = recvmmsg(server, messages, BATCH, MSG_WAITFORONE, NULL);
    if (received < 0) {
      if (errno == EINTR) continue;
      fail("recvmmsg");
    }
    for (int i = 0; i < received; i++) vectors[i].iov_len = messages[i].msg_len;
    for (int sent = 0; sent < received;) {
      int count = sendmmsg(server, messages + sent, received - sent, 0);
      sent += count > 0 ? count : 1;
    }
  }
}
