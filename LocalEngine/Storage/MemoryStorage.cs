using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>What the grains of a cluster have stored: lives as long as any silo or client of it.</summary>
internal sealed class MemoryStorage
{
    private readonly ConcurrentDictionary<(string Storage, GrainId Grain, string State), object> _contents = new();

    public bool TryRead(string storage, GrainId grain, string state, out object? content) =>
        _contents.TryGetValue((storage, grain, state), out content);

    /// <param name="storage">The storage's name.</param>
    /// <param name="grain">Whose state it is.</param>
    /// <param name="state">The state's name.</param>
    /// <param name="content">An immutable object, or the JSON of a mutable one.</param>
    public void Write(string storage, GrainId grain, string state, object content) => _contents[(storage, grain, state)] = content;

    public void Clear(string storage, GrainId grain, string state) => _contents.TryRemove((storage, grain, state), out _);
}
