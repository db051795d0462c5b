namespace Shortline.Balancing;

/// <summary>A silo, as the spread of servers sees it.</summary>
/// <param name="Address">Which silo.</param>
/// <param name="Servers">Servers there that are to stay; without those that drain.</param>
/// <param name="IsOpen">Whether it may get servers: it does not leave, and it answers.</param>
public readonly record struct SiloRoom(string Address, int Servers, bool IsOpen);
