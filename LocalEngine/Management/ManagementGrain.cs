using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>Asks the cluster that it lives in.</summary>
[Reentrant, KeepAlive]
internal sealed class ManagementGrain : Grain, IManagementGrain
{
    public Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false) => Task.FromResult(
        ((Activation)GrainContext).Silo.Cluster.Silos
            .Where(silo => !onlyActive || silo.Status == SiloStatus.Active)
            .ToDictionary(silo => silo.Address, silo => silo.Status));
}
