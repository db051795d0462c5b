namespace Shortline.Grains;

/// <summary>Where a server is.</summary>
/// <param name="Silo">The name of its silo.</param>
/// <param name="SiloAddress">The run of its silo.</param>
/// <param name="Host">The address of its own endpoint; empty if it has none.</param>
/// <param name="Port">The port of its own endpoint; 0 if it has none.</param>
internal sealed record ServerPlace(string Silo, string SiloAddress, string Host = "", int Port = 0);
