using System.Text;
using Shortline.Protocol.Text;

namespace Shortline.Gateway.Tcp.Text;

/// <summary>
/// Serves a client of the text protocol. Its commands have no terminator and are executed one after the other. The connection is closed
/// after a pause of the client, because some clients read until the end of the connection.
/// </summary>
internal sealed class TextConversation(TcpConnection client, ITextCommands commands, TextJournal? journal, TimeProvider time)
{
    /// <summary>
    /// How long to wait for more of an argument that may be complete. The segments of one command arrive together, or 40 ms apart if an
    /// acknowledgement is delayed.
    /// </summary>
    private static readonly TimeSpan ArgumentTimeout = TimeSpan.FromMilliseconds(250);

    /// <summary>How long to wait for another command after an answer.</summary>
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromMilliseconds(100);

    private byte[] _received = [];
    private int _end;

    /// <summary>Executes commands until the client pauses or disconnects, or a command is invalid.</summary>
    /// <param name="received">The bytes that are already received.</param>
    public async Task Run(ReadOnlyMemory<byte> received)
    {
        _received = new byte[Math.Max(received.Length, TextCommandReader.MaxArgument + 64)];
        received.CopyTo(_received);
        _end = received.Length;
        var answered = false;
        while (true)
        {
            var read = TakeCommand(false, out var kind, out var argument);
            if (read is TextRead.Open or TextRead.Incomplete && _end < _received.Length && await ReceiveMore(TimeoutFor(read, answered)).ConfigureAwait(false))
                continue;
            if (read == TextRead.Open)
                read = TakeCommand(true, out kind, out argument);
            if (read != TextRead.Complete)
            {
                if (read == TextRead.Unknown || _end == _received.Length)
                    client.Fault = $"unknown or too long command: {Encoding.UTF8.GetString(_received.AsSpan(0, Math.Min(_end, 40)))}";
                return;
            }

            client.Touch();
            answered = true;
            var askedAt = time.GetTimestamp();
            if (!await commands.Answer(kind, argument, client).ConfigureAwait(false))
            {
                client.Fault ??= $"this port does not serve the command {kind}";
                return;
            }

            journal?.Note(client, kind, argument, askedAt);
        }
    }

    private TimeSpan TimeoutFor(TextRead read, bool answered) =>
        read == TextRead.Open ? ArgumentTimeout
        : answered && _received.AsSpan(0, _end).IndexOfAnyExcept((byte)'\r', (byte)'\n') < 0 ? CommandTimeout
        : Timeout.InfiniteTimeSpan;

    /// <returns>Whether more bytes arrived.</returns>
    private async ValueTask<bool> ReceiveMore(TimeSpan timeout)
    {
        using var end = new CancellationTokenSource(timeout, time);
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
