using Shortline.Protocol.Requests;

namespace Shortline.Client.Tcp;

/// <summary>
/// Splits the bytes that a connection receives into lines. It has one buffer, which grows to the longest line that may come.
/// </summary>
internal sealed class ResponseLines
{
    /// <summary>A response is at most as long as a datagram; it ends with <c>\n</c> or <c>\r\n</c>.</summary>
    private const int LongestLine = RequestParser.MaxDatagram + 2;

    private byte[] _received = new byte[4096];
    private int _start;
    private int _searched;
    private int _end;

    /// <summary>
    /// Whether a line is longer than allowed and has not ended. The connection is useless then: the begin of the next line is unknown.
    /// </summary>
    public bool IsOverlong => _end - _start >= LongestLine;

    /// <summary>The space to receive into, after all lines were taken. Never empty unless <see cref="IsOverlong"/>.</summary>
    public Memory<byte> Room()
    {
        if (_start > 0)
        {
            _received.AsSpan(_start, _end - _start).CopyTo(_received);
            _searched -= _start;
            _end -= _start;
            _start = 0;
        }

        if (_end == _received.Length)
            Array.Resize(ref _received, Math.Min(4 * _received.Length, LongestLine));
        return _received.AsMemory(_end);
    }

    /// <summary>Adds bytes that were received into <see cref="Room"/>.</summary>
    public void Received(int count) => _end += count;

    /// <summary>Takes the next complete line, without its end. Skips empty lines.</summary>
    /// <param name="line">Valid until the next call of <see cref="Room"/>.</param>
    /// <returns>False if no complete line is left.</returns>
    public bool TryNext(out ReadOnlySpan<byte> line)
    {
        while (_received.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n') is var at and >= 0)
        {
            line = _received.AsSpan(_start, _searched + at - _start);
            _start = _searched += at + 1;
            if (line is [.., (byte)'\r'])
                line = line[..^1];
            if (line.Length > 0)
                return true;
        }

        _searched = _end;
        line = default;
        return false;
    }
}
