using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>In the memory of the process: for a cluster within it, as long as any silo or client of that lives.</summary>
internal sealed class MemoryStorage : IStateStore
{
    private readonly ConcurrentDictionary<(string Storage, GrainId Grain, string State), byte[]> _contents = new();

    public byte[]? Read(string storage, GrainId grain, string state) => _contents.GetValueOrDefault((storage, grain, state));

    public void Write(string storage, GrainId grain, string state, byte[] content) => _contents[(storage, grain, state)] = content;

    public void Clear(string storage, GrainId grain, string state) => _contents.TryRemove((storage, grain, state), out _);
}
