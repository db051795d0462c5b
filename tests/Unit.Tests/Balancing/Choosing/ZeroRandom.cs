namespace Shortline.Unit.Tests.Balancing.Choosing;

/// <summary>A random source that always returns zero, for examples with exact results.</summary>
internal sealed class ZeroRandom : Random
{
    public override double NextDouble() => 0;

    public override int Next(int maxValue) => 0;
}
