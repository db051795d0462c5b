namespace Shortline.Gateway;

/// <summary>
/// Reads a connection's requests, a line of JSON each, and hands them over. Reads no further while the client does not read its answers, so that a slow
/// reader costs bounded memory. A client that begins with a command of the text protocol gets a <see cref="TextConversation"/> instead.
/// </summary>
internal sealed class LineReader(TcpConnection connection, TcpServices services, TimeProvider time) : IRequestBatch
{
    /// <summary>Lines handed over at once.</summary>
    private const int Lines = 64;

    private readonly (int Start, int Length)[] _lines = new (int, int)[Lines];
    private byte[] _received = new byte[2048];
    private bool _speaksJson = services.Text is null;

    ReadOnlySpan<byte> IRequestBatch.Request(int index) => _received.AsSpan(_lines[index].Start, _lines[index].Length);

    ref readonly PeerAddress IRequestBatch.Peer(int index) => ref connection.Address;

    bool IRequestBatch.Truncated(int index) => _lines[index].Length > RequestParser.MaxDatagram;

    /// <summary>Reads until the client closes its side, or sends what cannot be read on.</summary>
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
                await new TextConversation(connection, services.Text!, time).Run(_received.AsMemory(0, end)).ConfigureAwait(false);
                return;
            }

            Func<TcpConnection, Task>? stream;
            do
            {
                var rest = HandLines(end, searched, out stream);
                end -= rest;
                searched = stream is null ? end : 0;
                _received.AsSpan(rest, end).CopyTo(_received);
                if (stream is not null)
                    await connection.SendStream(stream).ConfigureAwait(false);
            }
            while (stream is not null);

            if (count == 0 || end > RequestParser.MaxDatagram)
            {
                // A last line may come without its end. Behind one that is too long, nobody can tell where the next begins without reading on for as long as the client likes.
                if (end > 0 && Find(0, end) is { } last)
                    await connection.SendStream(last).ConfigureAwait(false);
                else
                    Hand(0, end);
                return;
            }
        }
    }

    /// <summary>Whether the client has begun with a command of the text protocol. What is neither that nor JSON is answered as JSON that is wrong.</summary>
    private bool SpeaksText(int end)
    {
        var received = _received.AsSpan(0, end);
        if (received.IndexOfAnyExcept((byte)'\r', (byte)'\n') < 0)
            return false;
        _speaksJson = TextCommandReader.Read(received, out _) == TextRead.Unknown;
        return !_speaksJson;
    }

    /// <summary>Hands the complete lines over, up to one that is answered with a stream.</summary>
    /// <returns>Where what is left begins.</returns>
    private int HandLines(int end, int searched, out Func<TcpConnection, Task>? stream)
    {
        var (start, lines) = (0, 0);
        stream = null;
        while (stream is null && _received.AsSpan(searched, end - searched).IndexOf((byte)'\n') is var at and >= 0)
        {
            var length = searched + at - start;
            if (length > 0 && _received[start + length - 1] == '\r')
                length--;
            if (length > 0 && (stream = Find(start, length)) is null)
                _lines[lines++] = (start, length);
            start = searched += at + 1;
            if (lines == Lines)
            {
                Hand(lines);
                lines = 0;
            }
        }

        Hand(lines);
        return start;
    }

    private Func<TcpConnection, Task>? Find(int start, int length) => services.Streams?.Find(_received.AsSpan(start, length));

    private void Hand(int start, int length)
    {
        if (length == 0)
            return;
        _lines[0] = (start, length);
        Hand(1);
    }

    private void Hand(int lines)
    {
        if (lines == 0)
            return;
        connection.Asked(lines);
        services.Dispatcher.OnRequests(this, lines);
    }
}
