namespace Orleans;

/// <summary>A grain whose key is a number. Here only the engine's own <c>IManagementGrain</c>.</summary>
public interface IGrainWithIntegerKey : IGrain;
