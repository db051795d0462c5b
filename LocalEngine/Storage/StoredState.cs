using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Core;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>
/// A grain's state in memory storage. What is stored is never an object that somebody can still change: a type that says that it is
/// <c>[Immutable]</c> is kept as it is, any other as JSON.
/// </summary>
internal sealed class StoredState<TState>(MemoryStorage storage, string storageName, GrainId grain, string name)
    : IPersistentState<TState>
{
    private static readonly bool IsImmutable =
        typeof(TState) == typeof(string) || typeof(TState).IsPrimitive || typeof(TState).IsDefined(typeof(ImmutableAttribute));

    public TState State { get; set; } = New();

    public bool RecordExists { get; private set; }

    public Task ReadStateAsync()
    {
        RecordExists = storage.TryRead(storageName, grain, name, out var content);
        State = !RecordExists ? New()
            : IsImmutable ? (TState)content!
            : JsonSerializer.Deserialize<TState>((byte[])content!)!;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync()
    {
        storage.Write(storageName, grain, name, IsImmutable ? State! : JsonSerializer.SerializeToUtf8Bytes(State));
        RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync()
    {
        storage.Clear(storageName, grain, name);
        RecordExists = false;
        State = New();
        return Task.CompletedTask;
    }

    private static TState New() =>
        typeof(TState).IsValueType || typeof(TState).GetConstructor([]) is not null ? Activator.CreateInstance<TState>() : default!;
}

/// <summary>Makes states of types known at run time.</summary>
internal static class StoredState
{
    public static IStorage Create(Type parameterType, PersistentStateAttribute attribute, Activation activation)
    {
        var storageName = attribute.StorageName ?? "Default";
        if (!parameterType.IsGenericType || parameterType.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new OrleansException($"A [PersistentState] parameter is an IPersistentState<>, not a {parameterType}.");
        }

        if (!activation.ActivationServices.GetServices<MemoryStorageName>().Any(known => known.Name == storageName))
        {
            throw new OrleansException($"There is no grain storage '{storageName}': add it with AddMemoryGrainStorage(\"{storageName}\").");
        }

        return (IStorage)Activator.CreateInstance(
            typeof(StoredState<>).MakeGenericType(parameterType.GetGenericArguments()),
            activation.Silo.Cluster.Storage,
            storageName,
            activation.GrainId,
            attribute.StateName)!;
    }
}
