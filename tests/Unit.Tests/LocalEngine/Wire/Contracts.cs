using Orleans;
using Orleans.Runtime;
using Shortline.GrainInterfaces;
using Shortline.Grains;

namespace Shortline.Unit.Tests.LocalEngine.Wire;

/// <summary>What travels between processes of the product.</summary>
internal static class Contracts
{
    /// <summary>The types with <c>[GenerateSerializer]</c>, and those of arguments and results of grain methods.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        .. new[] { typeof(IServerGrain).Assembly, typeof(FleetMemory).Assembly }.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))
            .Concat(OfMethods()).Distinct(),
    ];

    public static TheoryData<string> Names { get; } = [.. Types.Select(type => type.ToString())];

    public static Type OfName(string name) => Types.Single(type => string.Equals(type.ToString(), name, StringComparison.Ordinal));

    private static IEnumerable<Type> OfMethods() => typeof(IServerGrain).Assembly.GetTypes().Append(typeof(IManagementGrain))
        .Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)).SelectMany(type => type.GetMethods())
        .SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Concat(method.ReturnType.GetGenericArguments()))
        .Where(type => type != typeof(CancellationToken));
}
