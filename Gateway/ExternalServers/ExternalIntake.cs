using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces.ExternalServers;
using Shortline.Hosting.Logs;
using Shortline.Protocol.ExternalServers;

namespace Shortline.Gateway.ExternalServers;

/// <summary>Parses reports and accepts the valid ones from allowed addresses, signed if they come from other machines.</summary>
internal sealed partial class ExternalIntake(ExternalOutbox outbox, ReportSignatures signatures, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    private readonly RateLimitedLog<ExternalFault> _faultLog = new(time, LogInterval);
    private readonly RateLimitedLog<string> _strangerLog = new(time, LogInterval, keyLimit: 16);

    /// <summary>Whether a peer may report. Logs a warning if it may not.</summary>
    public bool Admits(IPAddress peer)
    {
        if (outbox.IsAllowed(peer))
            return true;
        if (_strangerLog.TryPass(peer.ToString(), out var suppressed))
            Stranger(log, peer, suppressed);
        return false;
    }

    /// <summary>Parses a report and adds it to the outbox if it is valid.</summary>
    /// <param name="peer">
    /// The address that sent it, which is also the address of the server, not mapped to IPv6. The caller has checked it with
    /// <see cref="Admits"/>.
    /// </param>
    /// <param name="report">The datagram or line.</param>
    public ExternalFault Take(IPAddress peer, ReadOnlySpan<byte> report)
    {
        var fault = ExternalReportParser.Parse(report, out var view);
        if (fault == ExternalFault.None)
            fault = signatures.Check(peer, view);
        if (fault == ExternalFault.None)
        {
            outbox.Add(new ExternalReport
            {
                Id = ExternalServerId.Of(Encoding.ASCII.GetString(view.Identity)),
                Address = peer.ToString(),
                Port = view.Port,
                Status = view.Status,
                QueueLength = view.QueueLength,
                Weight = view.Weight,
                Concurrency = view.Concurrency,
                SentAt = IPAddress.IsLoopback(peer) ? 0 : view.TimeMs,
            });
        }
        else if (_faultLog.TryPass(fault, out var suppressed))
        {
            Invalid(log, peer, Encoding.UTF8.GetString(ExternalFaults.Describe(fault)), suppressed);
        }

        return fault;
    }

    [LoggerMessage(3521, LogLevel.Warning, "Invalid report from {Peer} at load_balancer.server_side_port: {Fault}; {Suppressed} more since the last such line")]
    private static partial void Invalid(ILogger log, IPAddress peer, string fault, long suppressed);

    [LoggerMessage(3522, LogLevel.Warning, "Ignored a report from {Peer}, which is not in load_balancer.allow_external_from; {Suppressed} more since the last such line")]
    private static partial void Stranger(ILogger log, IPAddress peer, long suppressed);
}
