using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>A silo of the cluster, in this process or in another one.</summary>
internal interface IClusterSilo
{
    string Name { get; }

    SiloAddress Address { get; }

    SiloStatus Status { get; }
}
