using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>What the grains of a cluster have stored: lives as long as any silo or client of it.</summary>
internal sealed class MemoryStorage
{
    private readonly ConcurrentDictionary<(string Storage, GrainId Grain, string State), Record> _records = new();
    private long _written;

    public Record? Read(string storage, GrainId grain, string state) => _records.GetValueOrDefault((storage, grain, state));

    public Record Write(string storage, GrainId grain, string state, object content) =>
        _records[(storage, grain, state)] = new Record(content, $"{Interlocked.Increment(ref _written)}");

    public void Clear(string storage, GrainId grain, string state) => _records.TryRemove((storage, grain, state), out _);

    /// <param name="Content">An immutable object, or the JSON of a mutable one.</param>
    /// <param name="Etag">The version.</param>
    internal sealed record Record(object Content, string Etag);
}
