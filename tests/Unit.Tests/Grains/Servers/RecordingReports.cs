using System.Collections.Concurrent;
using System.Collections.Immutable;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Servers;

namespace Shortline.Unit.Tests.Grains.Servers;

/// <summary>Records the reports of servers.</summary>
internal sealed class RecordingReports : IServerReports
{
    public ConcurrentQueue<ServerResponse> All { get; } = new();

    public Task Report(string pool, ImmutableArray<ServerResponse> reports)
    {
        foreach (var report in reports)
            All.Enqueue(report);
        return Task.CompletedTask;
    }
}
