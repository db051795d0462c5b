using Shortline.Protocol;

namespace Shortline.Client;

/// <summary>Cuts what a connection receives into lines, wherever it was cut on the way. One buffer, which grows to the longest line that may come.</summary>
internal sealed class ResponseLines
{
    /// <summary>An answer is never longer than a datagram may be; it ends with <c>\n</c> or <c>\r\n</c>.</summary>
    private const int LongestLine = RequestParser.MaxDatagram + 2;

    private byte[] _received = new byte[4096];
    private int _start;
    private int _searched;
    private int _end;

    /// <summary>Whether there is more than a line may have, and no end of it: nobody can tell where the next one begins.</summary>
    public bool IsOverlong => _end - _start >= LongestLine;

    /// <summary>Room to receive into, after all lines were taken. Never empty unless <see cref="IsOverlong"/>.</summary>
    public Memory<byte> Room()
    {
        if (_start > 0)
        {
            _received.AsSpan(_start, _end - _start).CopyTo(_received);
            (_searched, _end, _start) = (_searched - _start, _end - _start, 0);
        }

        if (_end == _received.Length)
            Array.Resize(ref _received, Math.Min(4 * _received.Length, LongestLine));
        return _received.AsMemory(_end);
    }

    /// <summary>So many bytes were received into <see cref="Room"/>.</summary>
    public void Received(int count) => _end += count;

    /// <summary>Takes the next whole line, without its end. Empty lines are passed over.</summary>
    /// <param name="line">Valid until the next call of <see cref="Room"/>.</param>
    /// <returns>Whether there is one.</returns>
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
