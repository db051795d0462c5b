using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Core;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>A grain's stored state.</summary>
internal sealed class StoredState<TState>(IStateStore storage, string storageName, GrainId grain, string name)
    : IPersistentState<TState>
{
    public TState State { get; set; } = New();

    public bool RecordExists { get; private set; }

    public Task ReadStateAsync()
    {
        var content = storage.Read(storageName, grain, name);
        RecordExists = content is not null;
        State = content is null ? New() : JsonSerializer.Deserialize<TState>(content)!;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync()
    {
        storage.Write(storageName, grain, name, JsonSerializer.SerializeToUtf8Bytes(State));
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
