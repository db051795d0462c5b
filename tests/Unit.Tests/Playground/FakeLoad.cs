using Shortline.Client;
using Shortline.Playground;

namespace Shortline.Unit.Tests.Playground;

/// <summary>A load that says what it is told to.</summary>
internal sealed class FakeLoad : ILoad
{
    public LoadProgress Progress { get; set; } = Views.Progress(100);

    public double Rate { get; set; } = 100;

    public bool Paused { get; set; }

    public Operation Operation { get; set; }

    public LoadProgress Snapshot() => Progress;
}
