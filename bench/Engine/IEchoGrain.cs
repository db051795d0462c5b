using Orleans;

namespace Shortline.Bench;

/// <summary>The smallest grain, in both shapes of return.</summary>
[Alias("Shortline.bench.IEchoGrain")]
public interface IEchoGrain : IGrainWithStringKey
{
    /// <summary>Returns its argument.</summary>
    [Alias("Echo")]
    ValueTask<int> Echo(int value);

    /// <summary>Returns nothing.</summary>
    [Alias("Touch")]
    Task Touch();
}
