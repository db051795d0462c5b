using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Runtime;
using Shortline.LocalEngine;

namespace Shortline.Unit.Tests.LocalEngine.Wire;

/// <summary>Values of any contract type, made by reflection.</summary>
internal static class RandomValues
{
    private static readonly string?[] Texts = [null, "", "a", "gateway-1", "naïve ☃ 😀", new('x', 41), new('é', 42), new('z', 300)];

    public static object? Make(Type type, Random random)
    {
        if (type == typeof(string))
        {
            return Texts[random.Next(Texts.Length)];
        }

        if (type == typeof(DateTimeOffset))
        {
            return new DateTimeOffset(random.NextInt64(1L << 60), TimeSpan.FromMinutes(random.Next(-800, 800))) + TimeSpan.FromDays(1);
        }

        if (type == typeof(SiloAddress))
        {
            return new SiloAddress(random.Next(65536), random.Next());
        }

        if (type.IsPrimitive || type.IsEnum)
        {
            return Number(type, random);
        }

        if (type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))
        {
            return random.Next(3) == 0 ? null : new NumberedReference(random.NextInt64());
        }

        if (type.IsGenericType)
        {
            return Collection(type, random);
        }

        Assert.True(Members.HasMembers(type), $"Teach this class to make a {type}.");
        var value = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var member in Members.Of(type))
        {
            var part = Make(member.Type, random);
            if (member.Info is PropertyInfo property)
            {
                property.SetValue(value, part);
            }
            else
            {
                ((FieldInfo)member.Info).SetValue(value, part);
            }
        }

        return value;
    }

    private static object Number(Type type, Random random)
    {
        var number = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
        return type switch
        {
            { IsEnum: true } => Enum.ToObject(type, (int)number),
            _ when type == typeof(bool) => (number & 1) != 0,
            _ when type == typeof(byte) => (byte)number,
            _ when type == typeof(int) => (int)number,
            _ when type == typeof(long) => number,
            _ when type == typeof(double) => BitConverter.Int64BitsToDouble(number),
            _ => throw new NotSupportedException($"Teach this class to make a {type}."),
        };
    }

    private static object Collection(Type type, Random random)
    {
        var arguments = type.GetGenericArguments();
        var items = Array.CreateInstance(arguments[0], random.Next(8) == 0 ? random.Next(70) : random.Next(4));
        for (var index = 0; index < items.Length; index++)
        {
            items.SetValue(Make(arguments[0], random), index);
        }

        var definition = type.GetGenericTypeDefinition();
        if (definition == typeof(Dictionary<,>))
        {
            var dictionary = (IDictionary)Activator.CreateInstance(type)!;
            foreach (var key in items)
            {
                dictionary[key] = Make(arguments[1], random);
            }

            return dictionary;
        }

        return definition == typeof(IReadOnlyList<>) ? items
            : definition == typeof(ImmutableArray<>) && random.Next(4) == 0 ? Activator.CreateInstance(type)!
            : definition == typeof(ImmutableArray<>) ? typeof(ImmutableArray).GetMethods()
                .Single(method => method.Name == "Create" && method.GetParameters() is [{ ParameterType.IsArray: true }])
                .MakeGenericMethod(arguments).Invoke(null, [items])!
            : Activator.CreateInstance(type, items)!;
    }
}
