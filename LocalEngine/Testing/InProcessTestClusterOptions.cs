using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

/// <summary>What a test cluster is made of.</summary>
public sealed class InProcessTestClusterOptions
{
    internal InProcessTestClusterOptions()
    {
    }

    /// <summary>The cluster; its own for each test cluster unless told otherwise.</summary>
    public string ClusterId { get; set; } = null!;

    /// <summary>The service.</summary>
    public string ServiceId { get; set; } = null!;

    /// <summary>How many silos it starts with.</summary>
    public short InitialSilosCount { get; set; }

    /// <summary>Whether it starts a client.</summary>
    public bool InitializeClientOnDeploy { get; set; }

    /// <summary>Applied to each silo's host.</summary>
    public List<Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder>> SiloHostConfigurationDelegates { get; } = [];

    /// <summary>Applied to the client's host.</summary>
    public List<Action<IHostApplicationBuilder>> ClientHostConfigurationDelegates { get; } = [];
}
