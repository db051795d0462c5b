using System.Text;

namespace Shortline.Gateway;

/// <summary>
/// A client that speaks the text protocol: commands without an end of their own, each carried out before the next is looked at. The connection is closed when
/// the client has said nothing more for a moment, which is the end of an answer for a client that reads to the end.
/// </summary>
internal sealed class TextConversation(TcpConnection client, ITextCommands commands, TimeProvider time)
{
    /// <summary>
    /// How long to wait for the rest of an argument that may be whole. Segments of one command come together, or as far apart as a delayed acknowledgement
    /// is late, 40 ms; a person does not type in the middle of one.
    /// </summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(250);

    /// <summary>How long to wait for another command.</summary>
    private static readonly TimeSpan Next = TimeSpan.FromMilliseconds(100);

    private byte[] _received = [];
    private int _end;

    /// <summary>Answers until either side has enough.</summary>
    /// <param name="received">What the client has begun with.</param>
    public async Task Run(ReadOnlyMemory<byte> received)
    {
        _received = new byte[Math.Max(received.Length, TextCommandReader.MaxArgument + 64)];
        received.CopyTo(_received);
        _end = received.Length;
        var answered = false;
        while (true)
        {
            var read = TakeCommand(false, out var kind, out var argument);
            if (read is TextRead.Open or TextRead.Incomplete && _end < _received.Length && await ReceiveMore(PatienceFor(read, answered)).ConfigureAwait(false))
                continue;
            if (read == TextRead.Open)
                read = TakeCommand(true, out kind, out argument);
            if (read != TextRead.Complete)
            {
                if (read == TextRead.Unknown || _end == _received.Length)
                    client.Fault = $"no command begins like this, or ends: {Encoding.UTF8.GetString(_received.AsSpan(0, Math.Min(_end, 40)))}";
                return;
            }

            client.Touch();
            answered = true;
            if (!await commands.Answer(kind, argument, client).ConfigureAwait(false))
            {
                client.Fault ??= $"the command {kind} is not for this port";
                return;
            }
        }
    }

    private TimeSpan PatienceFor(TextRead read, bool answered) =>
        read == TextRead.Open ? Rest
        : answered && _received.AsSpan(0, _end).IndexOfAnyExcept((byte)'\r', (byte)'\n') < 0 ? Next
        : Timeout.InfiniteTimeSpan;

    /// <returns>Whether more came.</returns>
    private async ValueTask<bool> ReceiveMore(TimeSpan patience)
    {
        using var end = new CancellationTokenSource(patience, time);
        try
        {
            var count = await client.Receive(_received.AsMemory(_end), end.Token).ConfigureAwait(false);
            _end += count;
            return count > 0;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return false;
        }
    }

    private TextRead TakeCommand(bool evenOpen, out TextCommandKind kind, out string argument)
    {
        var read = TextCommandReader.Read(_received.AsSpan(0, _end), out var command);
        (kind, argument) = (command.Kind, "");
        if (read != TextRead.Complete && !(evenOpen && read == TextRead.Open))
            return read;

        argument = Encoding.UTF8.GetString(command.Argument);
        _end -= command.Length;
        _received.AsSpan(command.Length, _end).CopyTo(_received);
        return TextRead.Complete;
    }
}
