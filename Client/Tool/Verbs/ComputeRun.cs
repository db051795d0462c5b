using System.Text;
using Shortline.Hosting.Start;
using Shortline.Hosting.Text;
using Shortline.Protocol.Responses;

namespace Shortline.Client.Tool.Verbs;

/// <summary>Runs the verb <c>compute</c>: sends one request and prints its outcome.</summary>
/// <param name="options">The options of the client.</param>
/// <param name="seconds">How long the computation takes.</param>
/// <param name="hasTimeout">Whether the user has chosen the timeout.</param>
/// <param name="output">Receives the outcome.</param>
/// <param name="error">Receives the message if there is none.</param>
internal sealed class ComputeRun(ShortlineClientOptions options, double seconds, bool hasTimeout, TextWriter output, TextWriter error)
{
    private const int LongestText = 1000;

    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var client = new ShortlineClient(options);

        // The computation does not count against the usual timeout, but against one that the user has chosen.
        var timeoutMs = hasTimeout ? options.TimeoutMs : (int)Math.Min(int.MaxValue, options.TimeoutMs + (seconds * 1000));
        Reply reply;
        try
        {
            reply = await client.SendAsync("compute", Encoding.UTF8.GetBytes($"{{\"seconds\":{seconds:0.#########}}}"), timeoutMs, cancellation: stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await error.WriteLineAsync("Stopped.");
            return ProgramStart.Failed;
        }

        if (reply.IsOk)
        {
            await output.WriteLineAsync($"computed for {seconds:0.###} s by server {SafeText.Of(reply.ServerId ?? "?", LongestText)}, answered after {reply.Elapsed.TotalSeconds:F3} s");
            return 0;
        }

        var status = reply.Status is { } answered and not ResponseStatus.Invalid ? $"{ResponseStatuses.Name(answered)}: " : "";
        await error.WriteLineAsync(SafeText.Of($"{status}{reply.Error}", LongestText));
        return ProgramStart.Failed;
    }
}
