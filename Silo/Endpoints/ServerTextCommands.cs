using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Shortline.Gateway.Tcp;
using Shortline.Gateway.Tcp.Text;
using Shortline.Grains.Files;
using Shortline.Grains.Handlers;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Text;

namespace Shortline.Silo.Endpoints;

/// <summary>Answers the text protocol at a server's own port: directory, files and computations.</summary>
/// <remarks>Directories and files do not wait in the queue, so a client gets them while the server computes for others.</remarks>
/// <param name="files">The files of the server.</param>
/// <param name="offered">The operations that it offers.</param>
/// <param name="longestWaitMs">How long a computation may wait in the queue, in milliseconds.</param>
/// <param name="clock">The clock.</param>
internal sealed class ServerTextCommands(FileRoot files, BuiltInOperations offered, int longestWaitMs, TimeProvider clock) : ITextCommands
{
    /// <summary>Bytes of a file that are sent at once.</summary>
    private const int Block = 64 * 1024;

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
        if (OperationOf(kind) is { } operation && !offered.Offers(operation))
        {
            client.Fault = $"the operation {operation} is switched off (server.operations)";
            return false;
        }

        switch (kind)
        {
            case TextCommandKind.TestResponseTime:
                await client.SendRaw("alive"u8.ToArray()).ConfigureAwait(false);
                return true;
            case TextCommandKind.Directory:
                await SendDirectory(client).ConfigureAwait(false);
                return true;
            case TextCommandKind.File:
                await SendFile(argument, client).ConfigureAwait(false);
                return true;
            case TextCommandKind.Compute:
                return await Compute(argument, client).ConfigureAwait(false);
            default:
                return false;
        }
    }

    /// <summary>The operation that a command stands for; null if it stands for none.</summary>
    private static string? OperationOf(TextCommandKind kind) => kind switch
    {
        TextCommandKind.Directory => DirectoryHandler.Operation,
        TextCommandKind.File => FileHandler.Operation,
        TextCommandKind.Compute => ComputeHandler.Operation,
        _ => null,
    };

    /// <summary>Sends the directory. A server without files has an empty one.</summary>
    private async Task SendDirectory(TcpConnection client)
    {
        var list = new ArrayBufferWriter<byte>();
        if (files.TryOpenDirectory(null, out var directory, out _))
        {
            using (directory)
                DirectoryHandler.Write(directory, after: null, list, CancellationToken.None);
        }
        else
        {
            list.Write("{}"u8);
        }

        await client.SendRaw(list.WrittenMemory).ConfigureAwait(false);
    }

    /// <summary>
    /// Sends nothing: the end of the stream tells the client that the computation is done. The client names no timeout, so it has the time
    /// that it asks for, and as long to wait for it as a connection may rest.
    /// </summary>
    private async Task<bool> Compute(string seconds, TcpConnection client)
    {
        if (!double.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var time))
        {
            client.Fault = $"'{seconds}' is not a number of seconds";
            client.Reset();
            return false;
        }

        var timeoutMs = (long)Math.Min(int.MaxValue, (time * 1000) + longestWaitMs);
        var request = string.Create(
            CultureInfo.InvariantCulture, $"\"operation\":\"compute\",\"payload\":{{\"seconds\":{time}}},\"timeout_ms\":{timeoutMs},\"idempotent\":false");
        using var answer = await Ask(request, client).ConfigureAwait(false);
        return IsOk(answer) || Failed(client, answer);
    }

    private async Task SendFile(string name, TcpConnection client)
    {
        if (!files.TryOpenFile(name, out var file, out _))
        {
            await client.SendRaw("NONE"u8.ToArray()).ConfigureAwait(false);
            return;
        }

        using (file)
        {
            var sent = await Send(file, client).ConfigureAwait(false);
            var pause = BeforeDone + Math.Min(sent / 1024, 100) * PerKilobyte;
            await Task.Delay(pause < LongestBeforeDone ? pause : LongestBeforeDone, clock).ConfigureAwait(false);
        }

        await client.SendRaw("DONE"u8.ToArray()).ConfigureAwait(false);
    }

    /// <returns>The number of bytes.</returns>
    private static async Task<long> Send(ServedFile file, TcpConnection client)
    {
        var buffer = new byte[Block];
        var sent = 0L;
        client.BeginSending();
        try
        {
            for (int read; (read = await file.Read(buffer, sent, CancellationToken.None).ConfigureAwait(false)) > 0; sent += read)
                await client.SendRaw(buffer.AsMemory(0, read)).ConfigureAwait(false);
        }
        finally
        {
            client.EndSending();
        }

        return sent;
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
