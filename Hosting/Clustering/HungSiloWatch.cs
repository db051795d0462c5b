using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Shortline.Hosting.Logs;

namespace Shortline.Hosting.Clustering;

/// <summary>
/// Declares silos dead that have not renewed their entry in the membership table for several periods although others could: they hang, or
/// cannot reach the table.
/// </summary>
/// <remarks>
/// Orleans' probes find such silos sooner, but only from a silo that is not itself short of processor time: a probe that fails while a quarter
/// of its timeout was lost to waiting for a thread counts as inconclusive (Orleans 10.4, <c>SiloHealthMonitor</c>). On a machine that is always
/// busy, a hung silo would stay a member for ever. The heartbeat is compared with the one seen before, not with a clock, because the clocks of
/// machines differ.
/// </remarks>
internal sealed partial class HungSiloWatch(
    IMembershipTable table, IClusterMembershipService membership, ILocalSiloDetails self, TimeProvider time, ILoggerFactory loggers)
    : BackgroundService
{
    /// <summary>The time between two looks, which is the one between two heartbeats of a silo.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>Looks in a row at an unchanged heartbeat after which a silo counts as hung.</summary>
    internal const int Looks = 5;

    /// <summary>Silos that look at the table. More would only add load; fewer might all be hung.</summary>
    private const int Watchers = 3;

    private readonly ILogger _log = loggers.CreateLogger(LogCategories.Silo(self.Name));
    private Dictionary<SiloAddress, Heartbeat> _seen = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await Look(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    /// <summary>Reads the table once, and declares the silos dead whose heartbeat was the same for too long.</summary>
    internal async Task Look(CancellationToken stop)
    {
        if (!IsWatcher())
        {
            _seen.Clear();
            return;
        }

        try
        {
            var rows = (await table.ReadAllAsync(stop)).Members.Select(row => row.Item1).Where(row => row.Status == SiloStatus.Active);
            _seen = rows.ToDictionary(row => row.SiloAddress, row => Heartbeat.Next(_seen.GetValueOrDefault(row.SiloAddress), row));

            // A table that takes no heartbeats, not even of this silo, says nothing about the others.
            if (_seen.TryGetValue(self.SiloAddress, out var own) && own.Looks > 1)
                return;
            foreach (var (address, heartbeat) in _seen)
            {
                if (heartbeat.Looks >= Looks && await membership.TryKill(address))
                    Hung(_log, heartbeat.Name, address.Endpoint.ToString(), (Looks - 1) * Period.TotalSeconds);
            }
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            // Nothing is known now, and the looks before it count on.
            NotRead(_log, failure.Message);
        }
    }

    private bool IsWatcher() => membership.CurrentSnapshot.Members
        .Where(member => member.Value.Status == SiloStatus.Active)
        .Select(member => member.Key)
        .Order()
        .Take(Watchers)
        .Contains(self.SiloAddress);

    [LoggerMessage(1161, LogLevel.Warning, "Silo {Name} at {EndPoint} is declared dead: for {Seconds:F0} s it has not renewed its entry in the membership table. It hangs, or cannot reach the table. Its servers move to other silos")]
    private static partial void Hung(ILogger log, string name, string endPoint, double seconds);

    [LoggerMessage(1162, LogLevel.Debug, "The membership table was not read: {Failure}")]
    private static partial void NotRead(ILogger log, string failure);

    /// <summary>A heartbeat of a silo.</summary>
    /// <param name="Name">The name of the silo.</param>
    /// <param name="At">When it renewed its entry, by its own clock.</param>
    /// <param name="Looks">The looks in a row that have found the same time.</param>
    private sealed record Heartbeat(string Name, DateTime At, int Looks)
    {
        public static Heartbeat Next(Heartbeat? last, MembershipEntry row) =>
            new(row.SiloName, row.IAmAliveTime, last?.At == row.IAmAliveTime ? last.Looks + 1 : 1);
    }
}
