using System.Net;
using System.Text;
using System.Text.Json;
using Shortline.Gateway.Udp;

namespace Shortline.Unit.Tests.Gateway.Requests;

/// <summary>A transport without sockets that records the datagrams that are sent.</summary>
internal sealed class RecordingTransport(bool record = true) : IUdpTransport
{
    public List<SentDatagram> Sent { get; } = [];

    public long Count;

    /// <summary>Whether datagrams are recorded, and not only counted.</summary>
    public bool Records { get; set; } = record;

    /// <summary>Called before each system call that a socket would make.</summary>
    public Action? BeforeSend { get; set; }

    public IPEndPoint LocalEndPoint { get; } = new(IPAddress.Loopback, 54001);

    public int ReceiveBufferBytes => 0;

    public int SendBufferBytes => 0;

    public int Receivers => 1;

    public IUdpReceiver CreateReceiver(int batch, int index = 0) => throw new NotSupportedException("Tests hand datagrams over themselves.");

    public IUdpSendBatch CreateSendBatch(int batch) => new Batch(this, batch);

    public void Shutdown()
    {
    }

    public void Dispose()
    {
    }

    /// <summary>The only answer to a request; fails if there is none or more than one.</summary>
    public JsonElement AnswerTo(string id)
    {
        lock (Sent)
        {
            var answers = Sent.Where(sent => sent.Id == id).ToList();
            Assert.True(answers.Count == 1, $"request {id}: {answers.Count} answers instead of 1; sent so far: {string.Join(' ', Sent.Select(sent => sent.Text))}");
            return answers[0].Json;
        }
    }

    public bool HasAnswerTo(string id)
    {
        lock (Sent)
        {
            return Sent.Any(sent => sent.Id == id);
        }
    }

    private sealed class Batch(RecordingTransport transport, int capacity) : IUdpSendBatch
    {
        private readonly byte[] _room = new byte[65_536];
        private readonly List<SentDatagram> _gathered = [];
        private int _count;

        public long Dropped => 0;

        public bool HasRoom(int size) => _count < capacity;

        public Span<byte> Reserve(int size)
        {
            if (!HasRoom(size))
                Flush();
            return _room.AsSpan(0, size);
        }

        public void Commit(in PeerAddress peer, int length)
        {
            _count++;
            if (transport.Records)
            {
                _gathered.Add(new SentDatagram(peer, Encoding.UTF8.GetString(_room, 0, length)));
            }
        }

        public void Flush()
        {
            if (_count > 0)
                transport.BeforeSend?.Invoke();
            lock (transport.Sent)
            {
                transport.Sent.AddRange(_gathered);
                transport.Count += _count;
            }

            _gathered.Clear();
            _count = 0;
        }

        public void Dispose()
        {
        }
    }
}

internal sealed record SentDatagram(PeerAddress Peer, string Text)
{
    public JsonElement Json { get; } = JsonDocument.Parse(Text).RootElement;

    public string? Id => Json.TryGetProperty("id", out var id) ? id.ToString() : null;

    public string? Status => Json.GetProperty("status").GetString();
}
