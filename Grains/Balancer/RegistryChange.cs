namespace Shortline.Grains;

/// <summary>What a report changed, the least first.</summary>
internal enum RegistryChange
{
    /// <summary>Nothing: it was old, or says what was known.</summary>
    None,

    /// <summary>Queues: gateways may learn it a moment later.</summary>
    Queue,

    /// <summary>The set of servers or a status: gateways must know at once.</summary>
    Membership,
}
