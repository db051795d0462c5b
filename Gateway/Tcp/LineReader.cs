using Shortline.Gateway.Requests;
using Shortline.Gateway.Tcp.Text;
using Shortline.Gateway.Udp;
using Shortline.Protocol.Requests;
using Shortline.Protocol.Text;

namespace Shortline.Gateway.Tcp;

/// <summary>
/// Reads the requests of a connection, one JSON object per line, and passes them to the dispatcher. It pauses while the client does not
/// read its answers, so that a slow client uses bounded memory. A client that begins with a command of the text protocol is served by a
/// <see cref="TextConversation"/> instead.
/// </summary>
internal sealed class LineReader(TcpConnection connection, TcpServices services, TimeProvider time) : IRequestBatch
{
    /// <summary>The maximum number of lines passed to the dispatcher at once.</summary>
    private const int MaxLines = 64;

    private readonly (int Start, int Length)[] _lines = new (int, int)[MaxLines];
    private byte[] _received = new byte[2048];
    private bool _speaksJson = services.Text is null;
    private bool _isOverlong;

    /// <summary>
    /// Whether the client speaks JSON, not the text protocol. False before its first line, unless the port has no text protocol.
    /// </summary>
    public bool SpeaksJson => _speaksJson;

    ReadOnlySpan<byte> IRequestBatch.Request(int index) => _received.AsSpan(_lines[index].Start, _lines[index].Length);

    ref readonly PeerAddress IRequestBatch.Peer(int index) => ref connection.Address;

    bool IRequestBatch.Truncated(int index) => _lines[index].Length > RequestParser.MaxDatagram;

    /// <summary>Reads until the client closes its side or sends a line that is too long.</summary>
    public async Task Run()
    {
        var (end, searched) = (0, 0);
        while (true)
        {
            await connection.Drained().ConfigureAwait(false);
            if (end == _received.Length)
                Array.Resize(ref _received, Math.Min(2 * _received.Length, RequestParser.MaxDatagram + 2));
            var count = await connection.Receive(_received.AsMemory(end)).ConfigureAwait(false);
            end += count;
            if (!_speaksJson && SpeaksText(end))
            {
                await new TextConversation(connection, services.Text!, services.Journal, time).Run(_received.AsMemory(0, end)).ConfigureAwait(false);
                return;
            }

            Func<TcpConnection, Task>? stream;
            do
            {
                var rest = DispatchLines(end, searched, out stream);
                end -= rest;
                searched = stream is null ? end : 0;
                _received.AsSpan(rest, end).CopyTo(_received);
                if (stream is not null)
                    await connection.SendStream(stream).ConfigureAwait(false);
            }
            while (stream is not null);

            if (_isOverlong)
                return;

            if (count == 0 || end > RequestParser.MaxDatagram)
            {
                // The last line may have no line end. After a line that is too long, the gateway would have to read an unbounded amount to
                // find the next one.
                if (end > 0 && Find(0, end) is { } last)
                    await connection.SendStream(last).ConfigureAwait(false);
                else
                    Dispatch(0, end);
                return;
            }
        }
    }

    /// <summary>
    /// Whether the client began with a command of the text protocol. Input that is neither a command nor JSON is answered as invalid JSON.
    /// </summary>
    private bool SpeaksText(int end)
    {
        var received = _received.AsSpan(0, end);
        if (received.IndexOfAnyExcept((byte)'\r', (byte)'\n') < 0)
            return false;
        _speaksJson = TextCommandReader.Read(received, out _) == TextRead.Unknown;
        if (_speaksJson)
            connection.SpeaksJson();
        return !_speaksJson;
    }

    /// <summary>Passes the complete lines to the dispatcher, up to the first one that is answered with a stream.</summary>
    /// <returns>The index of the first byte that is not consumed.</returns>
    private int DispatchLines(int end, int searched, out Func<TcpConnection, Task>? stream)
    {
        var (start, lines) = (0, 0);
        stream = null;
        while (stream is null && !_isOverlong && _received.AsSpan(searched, end - searched).IndexOf((byte)'\n') is var at and >= 0)
        {
            var length = searched + at - start;
            if (length > 0 && _received[start + length - 1] == '\r')
                length--;

            // It has arrived whole, but a client may not rely on how the bytes of its line arrive.
            _isOverlong = length > RequestParser.MaxDatagram;
            if (length > 0 && (stream = Find(start, length)) is null)
                _lines[lines++] = (start, length);
            start = searched += at + 1;
            if (lines == MaxLines)
            {
                Dispatch(lines);
                lines = 0;
            }
        }

        Dispatch(lines);
        return start;
    }

    private Func<TcpConnection, Task>? Find(int start, int length) => services.Streams?.Find(_received.AsSpan(start, length));

    private void Dispatch(int start, int length)
    {
        if (length == 0)
            return;
        _lines[0] = (start, length);
        Dispatch(1);
    }

    private void Dispatch(int lines)
    {
        if (lines == 0)
            return;
        var bytes = 0;
        foreach (var (_, length) in _lines.AsSpan(0, lines))
            bytes += length;
        connection.AddUnanswered(lines, bytes);
        services.Dispatcher.OnRequests(this, lines);
    }
}
