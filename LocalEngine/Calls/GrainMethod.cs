using System.Reflection;
using Orleans;
using Orleans.Concurrency;

namespace Shortline.LocalEngine;

/// <summary>What the attributes of a method of a grain interface say.</summary>
internal sealed class GrainMethod(MethodInfo method)
{
    /// <summary>Interface and method.</summary>
    public string Name { get; } = $"{method.DeclaringType!.Name}.{method.Name}";

    /// <summary>The interface, as other processes know it.</summary>
    public string WireInterface { get; } = WireNameOf(method.DeclaringType!);

    /// <summary>The method, as other processes know it within its interface.</summary>
    public string WireName { get; } = method.GetCustomAttribute<AliasAttribute>()?.Alias ?? $"{method.Name}/{method.GetParameters().Length}";

    /// <summary>Whether the caller does not wait.</summary>
    public bool IsOneWay { get; } = method.ReturnType == typeof(void) || method.IsDefined(typeof(OneWayAttribute));

    /// <summary>How calls of it relate to others.</summary>
    public Interleaving Interleaving { get; } =
        method.IsDefined(typeof(AlwaysInterleaveAttribute)) ? Interleaving.Always
        : method.IsDefined(typeof(ReadOnlyAttribute)) ? Interleaving.ReadOnly
        : Interleaving.Never;

    /// <summary>The method's own response timeout.</summary>
    public TimeSpan? ResponseTimeout { get; } = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;

    /// <summary>The name by which an interface is known to other processes: its alias, so that it can be renamed.</summary>
    public static string WireNameOf(Type type) => type.GetCustomAttribute<AliasAttribute>()?.Alias ?? type.FullName!;
}
