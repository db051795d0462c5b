using System.Collections.Concurrent;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Servers;

namespace Shortline.Unit.Tests.Grains.Servers;

/// <summary>Records the reports of servers.</summary>
internal sealed class RecordingReports : IServerReports
{
    public ConcurrentQueue<ServerResponse> All { get; } = new();

    public Task Report(string pool, ServerResponse report)
    {
        All.Enqueue(report);
        return Task.CompletedTask;
    }
}
