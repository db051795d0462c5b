using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>A method that other processes may call here.</summary>
/// <param name="Interface">The interface of grains or observers it belongs to.</param>
/// <param name="Description">What its attributes say.</param>
/// <param name="NewCall">Makes an empty call of it.</param>
internal sealed record ServedMethod(Type Interface, GrainMethod Description, Func<Call> NewCall);

/// <summary>The interfaces of this process by the names that travel: their aliases, so that a type can be renamed.</summary>
internal static class ServedInterfaces
{
    private static readonly ConcurrentDictionary<(string Interface, string Method), ServedMethod> Found = new();

    /// <exception cref="ArgumentException">There is no such method.</exception>
    public static ServedMethod Find(string interfaceName, string methodName) =>
        Found.TryGetValue((interfaceName, methodName), out var known) ? known : Search(interfaceName, methodName);

    private static ServedMethod Search(string interfaceName, string methodName)
    {
        var type = GrainClasses.Assemblies().SelectMany(assembly => assembly.GetTypes())
            .FirstOrDefault(type => type.IsInterface && !type.ContainsGenericParameters && typeof(IAddressable).IsAssignableFrom(type)
                && string.Equals(GrainMethod.WireNameOf(type), interfaceName, StringComparison.Ordinal))
            ?? throw new ArgumentException($"There is no grain interface '{interfaceName}' here.", nameof(interfaceName));
        foreach (var method in ProxyBuilder.MethodsOf(type))
        {
            Found.TryAdd((interfaceName, method.Description.WireName), method);
        }

        return Found.TryGetValue((interfaceName, methodName), out var found)
            ? found
            : throw new ArgumentException($"{interfaceName} has no method '{methodName}' here.", nameof(methodName));
    }
}
