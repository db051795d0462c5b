using System.Globalization;
using System.Text;
using System.Text.Json;
using Shortline.Gateway.Tcp;
using Shortline.Gateway.Tcp.Text;
using Shortline.Grains.Files;
using Shortline.Protocol.Text;

namespace Shortline.Silo.Endpoints;

/// <summary>Answers the text protocol at a server's own port: directory, files and computations.</summary>
/// <param name="files">The files that are served; null if the operation <c>file</c> is switched off.</param>
/// <param name="clock">The clock.</param>
internal sealed class ServerTextCommands(FileRoot? files, TimeProvider clock) : ITextCommands
{
    /// <summary>Bytes of a file that are sent at once.</summary>
    private const int Block = 64 * 1024;

    /// <summary>Milliseconds that a computation may wait in the queue.</summary>
    private const int WaitMs = 60_000;

    /// <summary>
    /// Clients of this protocol expect <c>DONE</c> in a segment of its own, a second after the file. Slow ones need half a second for every
    /// kilobyte before they read it.
    /// </summary>
    private static readonly TimeSpan BeforeDone = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PerKilobyte = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestBeforeDone = TimeSpan.FromSeconds(4);

    private long _asked;

    public async ValueTask<bool> Answer(TextCommandKind kind, string argument, TcpConnection client)
    {
        switch (kind)
        {
            case TextCommandKind.TestResponseTime:
                await client.SendRaw("alive"u8.ToArray()).ConfigureAwait(false);
                return true;
            case TextCommandKind.Directory:
                return await SendDirectory(client).ConfigureAwait(false);
            case TextCommandKind.File when files is not null:
                await SendFile(files, argument, client).ConfigureAwait(false);
                return true;
            case TextCommandKind.Compute:
                return await Compute(argument, client).ConfigureAwait(false);
            default:
                return false;
        }
    }

    private async Task<bool> SendDirectory(TcpConnection client)
    {
        using var answer = await Ask("\"operation\":\"directory\"", client).ConfigureAwait(false);
        if (!IsOk(answer))
            return Failed(client, answer);
        await client.SendRaw(Encoding.UTF8.GetBytes(answer.RootElement.GetProperty("result").GetRawText())).ConfigureAwait(false);
        return true;
    }

    /// <summary>Sends nothing: the end of the stream tells the client that the computation is done.</summary>
    private async Task<bool> Compute(string seconds, TcpConnection client)
    {
        if (!double.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var time))
        {
            client.Fault = $"'{seconds}' is not a number of seconds";
            client.Reset();
            return false;
        }

        var timeoutMs = (long)Math.Min(int.MaxValue, (time * 1000) + WaitMs);
        var request = string.Create(
            CultureInfo.InvariantCulture, $"\"operation\":\"compute\",\"payload\":{{\"seconds\":{time}}},\"timeout_ms\":{timeoutMs},\"idempotent\":false");
        using var answer = await Ask(request, client).ConfigureAwait(false);
        return IsOk(answer) || Failed(client, answer);
    }

    private async Task SendFile(FileRoot served, string name, TcpConnection client)
    {
        if (!served.TryOpenFile(name, out var file, out _))
        {
            await client.SendRaw("NONE"u8.ToArray()).ConfigureAwait(false);
            return;
        }

        using (file)
        {
            var buffer = new byte[Block];
            var sent = 0L;
            for (int read; (read = await file.Read(buffer, sent, CancellationToken.None).ConfigureAwait(false)) > 0; sent += read)
                await client.SendRaw(buffer.AsMemory(0, read)).ConfigureAwait(false);
            var pause = BeforeDone + Math.Min(sent / 1024, 100) * PerKilobyte;
            await Task.Delay(pause < LongestBeforeDone ? pause : LongestBeforeDone, clock).ConfigureAwait(false);
        }

        await client.SendRaw("DONE"u8.ToArray()).ConfigureAwait(false);
    }

    private async Task<JsonDocument> Ask(string members, TcpConnection client)
    {
        var request = Encoding.UTF8.GetBytes($"{{\"id\":{Interlocked.Increment(ref _asked)},{members}}}");
        return JsonDocument.Parse(await client.Ask(request).ConfigureAwait(false));
    }

    private static bool IsOk(JsonDocument answer) => answer.RootElement.GetProperty("status").ValueEquals("ok"u8);

    /// <summary>
    /// Resets the connection, because the protocol has no answer for a failure and every client understands a broken connection.
    /// </summary>
    private static bool Failed(TcpConnection client, JsonDocument answer)
    {
        client.Fault = $"the server answered {answer.RootElement.GetRawText()}";
        client.Reset();
        return false;
    }
}
