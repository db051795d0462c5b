namespace Shortline.Unit.Tests.Balancing.Choosing;

/// <summary>A source of chance that always gives the least, for examples that are worked out without any.</summary>
internal sealed class NoChance : Random
{
    public override double NextDouble() => 0;

    public override int Next(int maxValue) => 0;
}
