using Orleans;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Playground.Run;

/// <summary>The fleet behind the grains of a pool.</summary>
internal sealed class GrainFleet(IGrainFactory grains) : IFleet
{
    private IControllerGrain Controller => grains.GetGrain<IControllerGrain>(ServerKey.DefaultPool);

    public Task<FleetStatus> GetStatus() => Controller.GetStatus();

    public Task<string?> Add() => Controller.AddServer();

    public Task<bool> Drain(string serverId) => Controller.DrainServer(serverId);

    public Task<bool> Kill(string serverId) => Controller.KillServer(serverId);

    public Task<bool> SetAlgorithm(string algorithm) => grains.GetGrain<IBalancerGrain>(ServerKey.DefaultPool).SetAlgorithm(algorithm);
}
