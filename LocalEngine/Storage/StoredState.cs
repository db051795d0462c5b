using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>
/// A grain's state in memory storage. What is stored is never an object that somebody can still change: a type that says that it is
/// <c>[Immutable]</c> is kept as it is, any other as JSON.
/// </summary>
internal sealed class StoredState<TState>(MemoryStorage storage, string storageName, GrainId grain, string name)
    : IPersistentState<TState>, IStoredState
{
    private static readonly bool IsImmutable =
        typeof(TState) == typeof(string) || typeof(TState).IsPrimitive || typeof(TState).IsDefined(typeof(ImmutableAttribute));

    public TState State { get; set; } = New();

    public string? Etag { get; private set; }

    public bool RecordExists => Etag is not null;

    public Task ReadStateAsync()
    {
        var record = storage.Read(storageName, grain, name);
        Etag = record?.Etag;
        State = record switch
        {
            null => New(),
            { Content: byte[] json } when !IsImmutable => JsonSerializer.Deserialize<TState>(json)!,
            _ => (TState)record.Content,
        };
        return Task.CompletedTask;
    }

    public Task WriteStateAsync()
    {
        object content = IsImmutable ? State! : JsonSerializer.SerializeToUtf8Bytes(State);
        Etag = storage.Write(storageName, grain, name, content).Etag;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync()
    {
        storage.Clear(storageName, grain, name);
        Etag = null;
        State = New();
        return Task.CompletedTask;
    }

    public Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();

    public Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

    public Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

    private static TState New() =>
        typeof(TState).IsValueType || typeof(TState).GetConstructor([]) is not null ? Activator.CreateInstance<TState>() : default!;
}

/// <summary>Makes states of types known at run time.</summary>
internal static class StoredState
{
    public static IStoredState Create(Type parameterType, PersistentStateAttribute attribute, Activation activation)
    {
        var storageName = attribute.StorageName ?? MemoryStorageName.Default;
        if (!parameterType.IsGenericType || parameterType.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new OrleansException($"A [PersistentState] parameter is an IPersistentState<>, not a {parameterType}.");
        }

        if (!activation.ActivationServices.GetServices<MemoryStorageName>().Any(known => known.Name == storageName))
        {
            throw new OrleansException($"There is no grain storage '{storageName}': add it with AddMemoryGrainStorage(\"{storageName}\").");
        }

        return (IStoredState)Activator.CreateInstance(
            typeof(StoredState<>).MakeGenericType(parameterType.GetGenericArguments()),
            BindingFlags.Instance | BindingFlags.Public,
            binder: null,
            [activation.Silo.Cluster.Storage, storageName, activation.GrainId, attribute.StateName],
            culture: null)!;
    }
}
