namespace Orleans;

/// <summary>A process's way into a cluster.</summary>
public interface IClusterClient : IGrainFactory;
