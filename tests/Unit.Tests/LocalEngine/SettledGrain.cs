using Orleans;
using Orleans.Runtime;

namespace Shortline.Unit.Tests.LocalEngine;

/// <summary>A grain that stays.</summary>
public interface ISettledGrain : IGrainWithStringKey
{
    ValueTask<(Guid Activation, string Silo)> Where();

    Task Touch();
}

[KeepAlive]
public sealed class SettledGrain(ILocalSiloDetails silo) : Grain, ISettledGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public ValueTask<(Guid Activation, string Silo)> Where() => new((_activation, silo.Name));

    public Task Touch() => Task.CompletedTask;
}
