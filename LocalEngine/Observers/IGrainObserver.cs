using Orleans.Runtime;

namespace Orleans;

/// <summary>The base of interfaces through which grains call objects that are no grains.</summary>
public interface IGrainObserver : IAddressable;
