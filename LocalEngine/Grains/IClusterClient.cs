namespace Orleans;

/// <summary>A process's way into a cluster.</summary>
public interface IClusterClient : IGrainFactory
{
    /// <summary>Services of the host that the client is in.</summary>
    IServiceProvider ServiceProvider { get; }
}
