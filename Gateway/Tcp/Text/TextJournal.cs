using System.Net;
using Microsoft.Extensions.Logging;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Text;
using Shortline.Protocol.Text;

namespace Shortline.Gateway.Tcp.Text;

/// <summary>Notes the commands of the text protocol that a port answers.</summary>
/// <param name="exchanges">Tells listeners of them.</param>
/// <param name="server">The id of the server whose port it is; null for that of the gateway.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log of the port: a line a second for each kind of command.</param>
internal sealed partial class TextJournal(TextExchanges exchanges, string? server, TimeProvider time, ILogger log)
{
    private const int LongestCommand = 100;

    private readonly RateLimitedLog<TextCommandKind> _limit = new(time, TimeSpan.FromSeconds(1));

    /// <summary>Notes an answered command.</summary>
    public void Note(TcpConnection client, TextCommandKind kind, string argument, long askedAt)
    {
        var command = SafeText.Of(TextCommandReader.WordOf(kind) + argument, LongestCommand);
        var took = time.GetElapsedTime(askedAt);
        if (_limit.TryPass(kind, out var suppressed))
            Answered(log, client.Remote, command, took.TotalMilliseconds, suppressed);
        exchanges.Tell(new TextExchange(client.Remote, command, server, took));
    }

    [LoggerMessage(3215, LogLevel.Information, "Client {Client} sent {Command}, which was answered after {Milliseconds:F1} ms; {Suppressed} more of this kind since the last such line")]
    private static partial void Answered(ILogger log, IPEndPoint client, string command, double milliseconds, long suppressed);
}
