using System.Collections.Concurrent;
using Shortline.GrainInterfaces;
using Shortline.Grains;

namespace Shortline.Unit.Tests.Grains.Servers;

/// <summary>Keeps what servers report.</summary>
internal sealed class RecordingReports : IServerReports
{
    public ConcurrentQueue<ServerResponse> All { get; } = new();

    public Task Report(string pool, ServerResponse report)
    {
        All.Enqueue(report);
        return Task.CompletedTask;
    }
}
