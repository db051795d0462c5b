namespace Orleans.Runtime;

/// <summary>Knows the cluster. Key: 0.</summary>
public interface IManagementGrain : IGrainWithIntegerKey
{
    /// <summary>The silos of the cluster and how they are.</summary>
    /// <param name="onlyActive">Whether only those that host grains are wanted.</param>
    Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false);
}
