using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>
/// Emits, once per grain interface, the class of its references, whose methods put their arguments into a <see cref="Call"/> and send
/// it, and through <see cref="CallBuilder"/> the class of the calls of each method.
/// </summary>
internal static class ProxyBuilder
{
    private static readonly ConcurrentDictionary<Type, Lazy<Proxy>> Proxies = new();

    /// <summary>A new reference that implements <paramref name="interfaceType"/>.</summary>
    public static GrainReference Create(Type interfaceType) =>
        ProxyOf(interfaceType).NewReference();

    /// <summary>The methods of an interface, for calls that come from elsewhere.</summary>
    public static IReadOnlyList<ServedMethod> MethodsOf(Type interfaceType) => ProxyOf(interfaceType).Methods;

    private static Proxy ProxyOf(Type interfaceType) =>
        Proxies.GetOrAdd(interfaceType, type => new Lazy<Proxy>(() => Build(type))).Value;

    private static Proxy Build(Type interfaceType)
    {
        if (!interfaceType.IsInterface || interfaceType.ContainsGenericParameters)
        {
            throw new ArgumentException($"{interfaceType} is not a grain interface.", nameof(interfaceType));
        }

        var methods = interfaceType.GetInterfaces().Append(interfaceType)
            .SelectMany(type => type.GetMethods()).Where(method => method.IsAbstract).ToArray();
        var assembly = AssemblyBuilder.DefineDynamicAssembly(
            new AssemblyName($"Shortline.LocalEngine.Proxies.{interfaceType.FullName}"), AssemblyBuilderAccess.Run);
        AllowAccess(assembly, interfaceType, methods);
        var module = assembly.DefineDynamicModule("Proxies");
        var proxy = module.DefineType(
            $"{interfaceType.Name}Reference", TypeAttributes.Public | TypeAttributes.Sealed, typeof(GrainReference), [interfaceType]);
        List<(string Field, GrainMethod Method)> descriptions = [];
        List<ServedMethod> served = [];
        foreach (var method in methods)
        {
            var description = new GrainMethod(method);
            var field = proxy.DefineField(
                $"Method{descriptions.Count}", typeof(GrainMethod), FieldAttributes.Public | FieldAttributes.Static);
            var call = CallBuilder.Build(module, method, description, descriptions.Count);
            DefineMethod(proxy, method, field, call);
            served.Add(new ServedMethod(method.DeclaringType!, description, Expression.Lambda<Func<Call>>(Expression.New(call.Type)).Compile()));
            descriptions.Add((field.Name, description));
        }

        var create = proxy.DefineMethod("Create", MethodAttributes.Public | MethodAttributes.Static, typeof(GrainReference), []);
        var constructor = proxy.DefineDefaultConstructor(MethodAttributes.Public);
        create.GetILGenerator().Emit(OpCodes.Newobj, constructor);
        create.GetILGenerator().Emit(OpCodes.Ret);

        var type = proxy.CreateType();
        foreach (var (field, description) in descriptions)
        {
            type.GetField(field)!.SetValue(obj: null, description);
        }

        return new Proxy(type.GetMethod("Create")!.CreateDelegate<Func<GrainReference>>(), served);
    }

    private static void DefineMethod(TypeBuilder proxy, MethodInfo method, FieldInfo description, CallClass call)
    {
        var parameters = method.GetParameters();
        var body = proxy.DefineMethod(
            $"{method.DeclaringType!.Name}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.NewSlot,
            method.ReturnType,
            [.. parameters.Select(parameter => parameter.ParameterType)]);
        proxy.DefineMethodOverride(body, method);
        var il = body.GetILGenerator();
        il.DeclareLocal(call.Type);
        call.EmitNew(il);
        il.Emit(OpCodes.Stloc_0);
        for (var index = 0; index < parameters.Length; index++)
        {
            il.Emit(OpCodes.Ldloc_0);
            il.Emit(OpCodes.Ldarg, index + 1);
            il.Emit(OpCodes.Stfld, call.Arguments[index]);
        }

        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldloc_0);
        il.Emit(OpCodes.Ldsfld, description);
        var token = Array.FindIndex(parameters, parameter => parameter.ParameterType == typeof(CancellationToken));
        if (token >= 0)
        {
            il.Emit(OpCodes.Ldarg, token + 1);
        }
        else
        {
            il.Emit(OpCodes.Call, typeof(CancellationToken).GetProperty(nameof(CancellationToken.None))!.GetMethod!);
        }

        il.Emit(OpCodes.Call, call.Send);
        if (call.ReturnedInstead is { } getter)
        {
            il.Emit(OpCodes.Call, getter);
        }

        il.Emit(OpCodes.Ret);
    }

    /// <summary>Interfaces and argument types may be internal to their assemblies, as the engine's own are.</summary>
    private static void AllowAccess(AssemblyBuilder assembly, Type interfaceType, MethodInfo[] methods)
    {
        var types = methods.SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType)
            .Append(method.ReturnType).Append(method.DeclaringType!));
        var names = types.SelectMany(Parts).Append(interfaceType).Append(typeof(Call))
            .Select(type => type.Assembly.GetName().Name!).Distinct(StringComparer.Ordinal);
        var constructor = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
        foreach (var name in names)
        {
            assembly.SetCustomAttribute(new CustomAttributeBuilder(constructor, [name]));
        }
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!) : type.GetGenericArguments().SelectMany(Parts).Append(type);

    private sealed record Proxy(Func<GrainReference> NewReference, IReadOnlyList<ServedMethod> Methods);
}
